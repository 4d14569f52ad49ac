// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.List;
import java.util.Optional;

/**
 * Faces that are proposed to be of one person. Immutable and thread-safe.
 *
 * @param person who it is, where the person had a name already; the faces are to be added to it
 * @param faces the faces, by descending similarity: one or more of a named person, two or more of
 *     another
 */
public record Album(Optional<String> person, List<Proposal> faces) {
  /**
   * A face of an album. Immutable and thread-safe.
   *
   * @param face the index of the face
   * @param similarity the highest similarity to another face of the album, or to a sample of its
   *     named person, in (0, 1]
   */
  public record Proposal(int face, double similarity) {}

  /**
   * Copies the list.
   *
   * @param person who it is, where the person had a name already
   * @param faces the faces
   */
  public Album {
    faces = List.copyOf(faces);
  }
}
