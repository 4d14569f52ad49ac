// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * The positions in which a {@link FaceDetector} looks for faces. Networks are trained on upright
 * faces: in an image that is turned by 90 degrees, they find a face less often, and place its
 * landmarks badly or as if it stood upright, so that its embedding often matches nobody's.
 *
 * <p>Immutable and thread-safe.
 */
public enum Orientation {
  /** Upright faces only: the numbers of the reference implementations. This is the default. */
  UPRIGHT,

  /**
   * Faces in any position: the detector also looks at the image turned by 90, 180 and 270 degrees,
   * and of each face keeps the position in which it is upright. This takes four times as long, and
   * memory for a second image of the same size. It can also find four times as many false faces.
   */
  ANY
}
