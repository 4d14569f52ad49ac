// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import io.omote.face.BoundingBox;
import io.omote.face.internal.files.FileNames;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The location of a face. Immutable and thread-safe.
 *
 * @param image the image
 * @param box the box of the face, in pixels of the upright image
 */
public record FaceLocation(Path image, BoundingBox box) {
  /** The share of a side by which the corners of a box may differ from those of the same face. */
  private static final float TOLERANCE = 0.1f;

  /** Returns the name of the image. */
  public String name() {
    return FileNames.readable(image);
  }

  /** Returns whether a box is that of this face, up to what another machine computes. */
  boolean isAt(BoundingBox other) {
    float room = TOLERANCE * Math.max(box.width(), box.height());
    return Math.abs(box.left() - other.left()) <= room
        && Math.abs(box.top() - other.top()) <= room
        && Math.abs(box.right() - other.right()) <= room
        && Math.abs(box.bottom() - other.bottom()) <= room;
  }

  /** Returns the location as text. */
  public String description() {
    return String.format(
        Locale.ROOT,
        "%s at %d,%d to %d,%d", // rounded first: "%.0f" prints -0
        name(),
        Math.round(box.left()),
        Math.round(box.top()),
        Math.round(box.right()),
        Math.round(box.bottom()));
  }
}
