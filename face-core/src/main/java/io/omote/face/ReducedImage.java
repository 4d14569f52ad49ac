// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.Landmarks.Point;

/**
 * A picture that was decoded at a fraction of its size. Immutable and thread-safe.
 *
 * @param image the picture as decoded
 * @param reduction how many pixels of the full picture one of its pixels stands for in each
 *     direction; 1 where it is the full picture
 */
record ReducedImage(FaceImage image, int reduction) {

  /** The same face in pixels of the full picture. */
  Face inFullPicture(Face face) {
    BoundingBox box = face.box();
    return new Face(
        new BoundingBox(full(box.left()), full(box.top()), full(box.right()), full(box.bottom())),
        face.score(),
        face.landmarks().map(this::inFullPicture));
  }

  private Landmarks inFullPicture(Landmarks landmarks) {
    return new Landmarks(
        full(landmarks.leftEye()),
        full(landmarks.rightEye()),
        full(landmarks.nose()),
        full(landmarks.leftMouthCorner()),
        full(landmarks.rightMouthCorner()));
  }

  private Point full(Point point) {
    return new Point(full(point.x()), full(point.y()));
  }

  /** A pixel of the reduced picture covers several, so its centre is theirs. */
  private float full(float coordinate) {
    return (coordinate + 0.5f) * reduction - 0.5f;
  }
}
