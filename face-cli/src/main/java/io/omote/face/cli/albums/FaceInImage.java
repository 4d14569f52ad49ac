// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import io.omote.face.BoundingBox;
import java.util.Locale;

/**
 * Where a face is. Immutable and thread-safe.
 *
 * @param image the name of the image
 * @param box where in it, in pixels of the upright image
 */
public record FaceInImage(String image, BoundingBox box) {
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
