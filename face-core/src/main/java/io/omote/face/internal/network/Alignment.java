// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.geometry.SimilarityTransform;
import io.omote.face.internal.image.CropTransform;
import java.util.Optional;

/**
 * The places of a face's five landmarks in an aligned crop, as recognizers of the ArcFace kind were
 * trained on them.
 *
 * <p>J. Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", 2019;
 * numbers as in InsightFace's {@code face_align.py}. Immutable and thread-safe.
 */
public final class Alignment {
  /** x and y of eyes, nose and mouth corners in a crop of 112 pixels. */
  private static final double[] TEMPLATE = {
    38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041
  };

  private static final Alignment OF_112 = new Alignment(112);

  private final int size;
  private final double[] target;

  /**
   * Creates the template for a crop size.
   *
   * @param size the side of the crop, a multiple of 112 or 128
   */
  public Alignment(int size) {
    boolean of112 = size % 112 == 0;
    if (size < 1 || !of112 && size % 128 != 0) {
      throw new IllegalArgumentException(
          "expected a crop size that is a multiple of 112 or 128, found " + size);
    }
    double scale = size / (of112 ? 112.0 : 128.0);
    // Crops of 128 were made wider than the template by 8 on either side.
    double shift = of112 ? 0 : 8 * scale;
    this.size = size;
    target = new double[TEMPLATE.length];
    for (int i = 0; i < target.length; i++) {
      target[i] = TEMPLATE[i] * scale + (i % 2 == 0 ? shift : 0);
    }
  }

  /**
   * Returns the side of the crop.
   *
   * @return the side in pixels
   */
  public int size() {
    return size;
  }

  /**
   * Returns the multiple of 90 degrees by which a face is turned in an image.
   *
   * @param landmarks the landmarks of the face
   * @return by how many degrees it is turned clockwise, to the nearest of 0, 90, 180 and 270; 0 if
   *     the landmarks determine no transform
   */
  public static int turn(Landmarks landmarks) {
    return OF_112
        .estimate(landmarks)
        .map(toCrop -> Math.toDegrees(Math.atan2(-toCrop.yx(), toCrop.xx())))
        .map(roll -> Math.floorMod(90 * Math.round(roll / 90), 360))
        .orElse(0);
  }

  /**
   * Returns the similarity transform that brings landmarks onto the template.
   *
   * @param landmarks the landmarks, in pixels of the image
   * @return from pixels of the image to pixels of the crop
   * @throws AlignmentException if the landmarks determine no transform
   */
  public AffineMap toCrop(Landmarks landmarks) {
    return estimate(landmarks).orElseThrow(Alignment::degenerate);
  }

  private Optional<AffineMap> estimate(Landmarks landmarks) {
    double[] points = new double[target.length];
    int at = 0;
    for (Point point : landmarks.points()) {
      points[at++] = point.x();
      points[at++] = point.y();
    }
    return SimilarityTransform.estimate(points, target);
  }

  /**
   * Returns the aligned crop of a face.
   *
   * @param image the image
   * @param landmarks the landmarks of the face
   * @return the part of the image that the crop shows
   * @throws AlignmentException if the landmarks determine no transform
   */
  public CropTransform crop(FaceImage image, Landmarks landmarks) {
    return new CropTransform(image, toCrop(landmarks).inverse().orElseThrow(Alignment::degenerate));
  }

  /**
   * Returns the landmarks of a face.
   *
   * @param face the face
   * @return its landmarks
   * @throws AlignmentException if the face has none
   */
  public static Landmarks landmarksOf(Face face) {
    return face.landmarks()
        .orElseThrow(
            () ->
                new AlignmentException(
                    "expected a face with landmarks, found one without: use a detector that gives"
                        + " landmarks"));
  }

  /**
   * Returns the exception for landmarks that determine no transform.
   *
   * @return the exception
   */
  public static AlignmentException degenerate() {
    return new AlignmentException(
        "expected five landmarks that lie apart from each other, found landmarks that determine no"
            + " alignment: leave this face out");
  }
}
