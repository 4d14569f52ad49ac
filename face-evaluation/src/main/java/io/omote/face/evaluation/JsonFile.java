// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.nio.file.Path;

/** Writes reports, whose parts in their order are the JSON form. */
final class JsonFile {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private static final Gson IN_ONE_LINE = new GsonBuilder().disableHtmlEscaping().create();

  private JsonFile() {}

  /** The same without line breaks. */
  static String line(Object report) {
    return IN_ONE_LINE.toJson(report);
  }

  static void write(Path file, Object report) throws IOException {
    NewFile.write(file, GSON.toJson(report) + "\n");
  }
}
