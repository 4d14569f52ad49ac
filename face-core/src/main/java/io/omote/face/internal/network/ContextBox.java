// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.BoundingBox;
import io.omote.face.FaceImage;
import io.omote.face.internal.image.SubImage;

/**
 * A face with what is around it, as Silent-Face-Anti-Spoofing cuts it out: a multiple of the box,
 * smaller where the image is, and shifted inside where it would leave the image.
 *
 * <p>Immutable and thread-safe.
 *
 * @param left the first column
 * @param top the first row
 * @param right the last column, which is part of it
 * @param bottom the last row, which is part of it
 */
record ContextBox(int left, int top, int right, int bottom) {

  static ContextBox of(BoundingBox box, int width, int height, double multiple) {
    int boxWidth = (int) (box.width() + 1);
    int boxHeight = (int) (box.height() + 1);
    double scale =
        Math.min(
            (height - 1) / (double) boxHeight, Math.min((width - 1) / (double) boxWidth, multiple));
    int[] across = span((int) box.left(), boxWidth, scale, width);
    int[] down = span((int) box.top(), boxHeight, scale, height);
    return new ContextBox(across[0], down[0], across[1], down[1]);
  }

  private static int[] span(int from, int size, double scale, int limit) {
    double length = size * scale;
    double center = size / 2.0 + from;
    double first = center - length / 2;
    double last = center + length / 2;
    if (first < 0) {
      last -= first;
      first = 0;
    }
    if (last > limit - 1) {
      first -= last - limit + 1;
      last = limit - 1;
    }
    // Rounding may leave a sliver outside.
    return new int[] {Math.max(0, (int) first), Math.min(limit - 1, (int) last)};
  }

  /** The pixels of it. */
  SubImage cut(FaceImage image) {
    return new SubImage(image, left, top, right - left + 1, bottom - top + 1);
  }
}
