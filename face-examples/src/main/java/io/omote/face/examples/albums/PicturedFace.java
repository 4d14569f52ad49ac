// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.albums;

import io.omote.face.BoundingBox;
import java.util.Locale;

/**
 * Where a face is. Immutable and thread-safe.
 *
 * @param image the name of the picture
 * @param box where in it, in pixels of the upright picture
 */
public record PicturedFace(String image, BoundingBox box) {
  /** Both in words. */
  public String description() {
    return String.format(
        Locale.ROOT,
        "%s at %.0f,%.0f to %.0f,%.0f",
        image,
        box.left(),
        box.top(),
        box.right(),
        box.bottom());
  }
}
