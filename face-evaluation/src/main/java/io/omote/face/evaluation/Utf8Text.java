// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens text files in UTF-8, as editors and spreadsheets write them. */
final class Utf8Text {
  private static final int BYTE_ORDER_MARK = 0xfeff;

  private Utf8Text() {}

  /** Opens a file and skips the byte order mark that some programs write. */
  static BufferedReader open(Path file) throws IOException {
    BufferedReader reader = Files.newBufferedReader(file);
    try {
      reader.mark(1);
      if (reader.read() != BYTE_ORDER_MARK) {
        reader.reset();
      }
      return reader;
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }
}
