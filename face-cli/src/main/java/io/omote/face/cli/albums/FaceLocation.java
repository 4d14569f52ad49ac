// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import io.omote.face.BoundingBox;
import java.util.Locale;

/**
 * The location of a face. Immutable and thread-safe.
 *
 * @param image the name of the image
 * @param box the box of the face, in pixels of the upright image
 */
public record FaceLocation(String image, BoundingBox box) {
  /** Returns the location as text. */
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
