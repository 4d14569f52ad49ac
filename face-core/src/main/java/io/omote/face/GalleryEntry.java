// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A sample of a person in a gallery: one face, under the names that the caller gave. Both names
 * together are the key.
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
   * @throws IllegalArgumentException if a name is empty, longer than {@value #MAX_NAME} bytes in
   *     UTF-8, or has control characters or halves of surrogate pairs
   */
  public GalleryEntry {
    checkName("person", person);
    checkName("sample", sample);
    Objects.requireNonNull(face, "face");
  }

  private static void checkName(String what, String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length == 0 || length > MAX_NAME) {
      throw new IllegalArgumentException(
          "expected a %s of 1 to %d bytes in UTF-8, found %d".formatted(what, MAX_NAME, length));
    }
    boolean odd =
        name.codePoints()
            .anyMatch(
                c ->
                    Character.isISOControl(c)
                        || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    if (odd) {
      throw new IllegalArgumentException(
          "expected a %s without control characters and lone surrogates, found one of them: give it a name that can be printed"
              .formatted(what));
    }
  }
}
