// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sample of a person in a gallery: one face, under the names that the caller gave. Both names
 * together are the key. Names are compared exactly, code point by code point: an accented letter
 * and the same letter with a combining accent (NFC and NFD of Unicode), or capital and small
 * letters, make two names.
 *
 * <p>Immutable and thread-safe.
 *
 * @param person who it is
 * @param sample which face of that person, such as the name of a file
 * @param face the embedding
 */
public record GalleryEntry(String person, String sample, FaceEmbedding face) {
  /** The longest name, in bytes of UTF-8. */
  public static final int MAX_NAME = 512;

  /**
   * Checks the names.
   *
   * @param person who it is
   * @param sample which face of that person
   * @param face the embedding
   * @throws IllegalArgumentException if a name is invalid ({@link #isName})
   */
  public GalleryEntry {
    checkName("person", person);
    checkName("sample", sample);
    Objects.requireNonNull(face, "face");
  }

  /**
   * Returns whether a string can name a person or a sample: 1 to {@value #MAX_NAME} bytes of UTF-8,
   * not blank, without control characters and lone surrogates.
   *
   * @param name the string
   * @return whether it can
   */
  public static boolean isName(String name) {
    return problem(name) == null;
  }

  private static void checkName(String what, String name) {
    String problem = problem(Objects.requireNonNull(name, what));
    if (problem != null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a name of a %s of 1 to %d bytes in UTF-8, without control characters and lone surrogates, found %s: give it a name that can be printed",
              what,
              MAX_NAME,
              problem));
    }
  }

  /** What is wrong with a name, null where nothing is. */
  private static @Nullable String problem(String name) {
    // A char takes a byte at least: what is far too long is not looked at.
    if (name.length() > MAX_NAME || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
      return "a longer one";
    }
    if (name.codePoints().anyMatch(GalleryEntry::isUnprintable)) {
      return "one of them";
    }
    return name.codePoints().allMatch(GalleryEntry::isBlank) ? "a blank one" : null;
  }

  private static boolean isUnprintable(int codePoint) {
    return Character.isISOControl(codePoint)
        || codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static boolean isBlank(int codePoint) {
    return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
  }
}
