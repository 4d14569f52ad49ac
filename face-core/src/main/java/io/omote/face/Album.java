// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.List;
import java.util.Optional;

/**
 * A group of faces that probably show one person. Immutable and thread-safe.
 *
 * @param person the name of the person to add the faces to, empty if the person has no name yet
 * @param faces the faces by descending similarity: one or more for a named person, otherwise two or
 *     more
 */
public record Album(Optional<String> person, List<Proposal> faces) {
  /**
   * A face of an album. Immutable and thread-safe.
   *
   * @param face the index of the face
   * @param similarity the highest similarity to another face of the album, or to a sample of the
   *     named person, in (0, 1]
   */
  public record Proposal(int face, double similarity) {}

  /**
   * Copies the list.
   *
   * @param person the name of the person, or empty
   * @param faces the faces
   */
  public Album {
    faces = List.copyOf(faces);
  }
}
