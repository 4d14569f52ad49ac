// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sample of a person in a gallery: one face under two names that the caller chose, which together
 * are the key. Names are compared code point by code point: they are case-sensitive, and the
 * composed and decomposed forms of a letter with an accent (Unicode NFC and NFD) differ.
 *
 * <p>Immutable and thread-safe.
 *
 * @param person the name of the person
 * @param sample the name of the sample, unique for that person, such as a file name
 * @param face the embedding
 */
public record GalleryEntry(String person, String sample, FaceEmbedding face) {
  /** The longest name, in bytes of UTF-8. */
  public static final int MAX_NAME = 512;

  /**
   * Checks the names.
   *
   * @param person the name of the person
   * @param sample the name of the sample
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
   * not blank, without control characters or unpaired surrogates.
   *
   * @param name the string
   * @return true if the string is a valid name
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
              "expected the name of a %s of 1 to %d bytes in UTF-8, without control characters or unpaired surrogates, found %s: choose a printable name",
              what,
              MAX_NAME,
              problem));
    }
  }

  /** Returns the problem of a name, or null if it is valid. */
  private static @Nullable String problem(String name) {
    // A char takes at least one byte, so a string that is far too long is not encoded.
    if (name.length() > MAX_NAME || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
      return "a longer name";
    }
    if (name.codePoints().anyMatch(GalleryEntry::isUnprintable)) {
      return "a name with such characters";
    }
    return name.codePoints().allMatch(GalleryEntry::isBlank) ? "a blank name" : null;
  }

  private static boolean isUnprintable(int codePoint) {
    return Character.isISOControl(codePoint)
        || codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static boolean isBlank(int codePoint) {
    return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
  }
}
