// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** A guess at what a file is that is not a model file. Stateless and thread-safe. */
final class FileGuess {
  private static final int HEAD_BYTES = 512;

  private FileGuess() {}

  /**
   * Returns what a file is that is not a model file.
   *
   * @param file its bytes, from position 0
   * @return what it is and what to do, empty if unknown
   */
  static Optional<String> nameOf(ByteBuffer file) {
    if (file.limit() == 0) {
      return Optional.of("an empty file");
    }
    byte[] head = new byte[Math.min(HEAD_BYTES, file.limit())];
    file.get(0, head);
    String bytes = new String(head, StandardCharsets.ISO_8859_1);
    // The text may begin with a byte order mark.
    String text = bytes.replaceFirst("^\u00ef\u00bb\u00bf", "").stripLeading();
    String lower = text.toLowerCase(Locale.ROOT);
    if (text.startsWith("version https://git-lfs.github.com/spec/")) {
      return Optional.of("a Git LFS pointer, not the file: run git lfs pull");
    }
    if (text.startsWith("/annex/objects/")) {
      return Optional.of("a git-annex pointer, not the file: run git annex get");
    }
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return Optional.of(
          "a web page, not the file: download it from the address of the file itself, and sign in if"
              + " necessary");
    }
    if (text.startsWith("<?xml") || text.startsWith("{")) {
      return Optional.of("XML or JSON, perhaps a response of a server, not the file");
    }
    if (bytes.startsWith("PK\u0003\u0004")) {
      return Optional.of("a zip archive or a PyTorch file: unpack it, or export it as ONNX");
    }
    if (bytes.startsWith("\u001f\u008b")) {
      return Optional.of("a gzip archive: unpack it");
    }
    if (bytes.startsWith("\u0000\u0005\u0016\u0007")) {
      return Optional.of("a macOS companion file (AppleDouble), not the file: delete it");
    }
    return Optional.empty();
  }
}
