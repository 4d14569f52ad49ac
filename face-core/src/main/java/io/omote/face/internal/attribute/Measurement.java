// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.attribute;

import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.attribute.QualityProperty;
import io.omote.face.description.Normalization;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.network.Alignment;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.Map;

/**
 * Measures the image of a face. What lies outside of the image does not count: black there is
 * nobody's shadow.
 *
 * <p>Stateless and thread-safe.
 *
 * @hidden
 */
public final class Measurement {
  private static final int SIDE = 112;
  private static final Alignment ALIGNMENT = new Alignment(SIDE);
  private static final Sampler GRAY = Sampler.gray(Normalization.IN_GRAPH);

  /** The limits of ISO/IEC 29794-5, of 255. */
  private static final double DARK = 25;

  private static final double BRIGHT = 247;

  // In the aligned crop, an ellipse from the brows to the chin: hair and background stay out.
  private static final double CENTER_X = 56;
  private static final double CENTER_Y = 74;
  private static final double HALF_WIDTH = 34;
  private static final double HALF_HEIGHT = 36;

  private Measurement() {}

  /**
   * Measures.
   *
   * @param image the image
   * @param face a face of it
   * @return what was measured
   */
  public static MeasuredQuality of(FaceImage image, Face face) {
    Landmarks landmarks = Alignment.landmarksOf(face);
    CropTransform crop = ALIGNMENT.crop(image, landmarks);
    float[] gray = new float[SIDE * SIDE];
    GRAY.warp(crop, SIDE, SIDE, FloatBuffer.wrap(gray), 0);
    boolean[] inside = inside(image, crop.toImage());
    HeadPose pose = PoseFit.of(landmarks);
    Map<QualityProperty, Double> values = new EnumMap<>(QualityProperty.class);
    values.put(
        QualityProperty.INTER_EYE_DISTANCE,
        Math.hypot(
            (double) landmarks.rightEye().x() - landmarks.leftEye().x(),
            (double) landmarks.rightEye().y() - landmarks.leftEye().y()));
    values.put(QualityProperty.SHARPNESS, sharpness(gray, inside));
    putFace(values, gray, inside);
    values.put(QualityProperty.YAW, pose.yaw());
    values.put(QualityProperty.ROLL, pose.roll());
    values.put(QualityProperty.DETECTOR_SCORE, (double) face.score());
    return MeasuredQuality.of(values);
  }

  private static boolean[] inside(FaceImage image, AffineMap toImage) {
    boolean[] inside = new boolean[SIDE * SIDE];
    for (int at = 0; at < inside.length; at++) {
      double x = toImage.x(at % SIDE, at / SIDE);
      double y = toImage.y(at % SIDE, at / SIDE);
      inside[at] = x >= 0 && y >= 0 && x <= image.width() - 1 && y <= image.height() - 1;
    }
    return inside;
  }

  private static double sharpness(float[] gray, boolean[] inside) {
    Variance spread = new Variance();
    for (int y = 1; y < SIDE - 1; y++) {
      for (int x = 1; x < SIDE - 1; x++) {
        int at = y * SIDE + x;
        if (inside[at]
            && inside[at - 1]
            && inside[at + 1]
            && inside[at - SIDE]
            && inside[at + SIDE]) {
          spread.add(
              gray[at - 1] + gray[at + 1] + gray[at - SIDE] + gray[at + SIDE] - 4 * gray[at]);
        }
      }
    }
    return spread.variance();
  }

  private static void putFace(Map<QualityProperty, Double> values, float[] gray, boolean[] inside) {
    Variance spread = new Variance();
    int face = 0;
    int dark = 0;
    int bright = 0;
    for (int at = 0; at < gray.length; at++) {
      double x = (at % SIDE - CENTER_X) / HALF_WIDTH;
      double y = (at / SIDE - CENTER_Y) / HALF_HEIGHT;
      if (x * x + y * y <= 1) {
        face++;
        if (inside[at]) {
          spread.add(gray[at]);
          dark += gray[at] <= DARK ? 1 : 0;
          bright += gray[at] >= BRIGHT ? 1 : 0;
        }
      }
    }
    // A face that lies outside as a whole has no light at all.
    double seen = Math.max(1, spread.count);
    values.put(QualityProperty.UNDER_EXPOSURE, spread.count == 0 ? 1 : dark / seen);
    values.put(QualityProperty.OVER_EXPOSURE, bright / seen);
    values.put(QualityProperty.CONTRAST, Math.sqrt(spread.variance()));
    // The box of a detector would be no measure: it shrinks to what the image shows.
    values.put(QualityProperty.OUTSIDE_SHARE, 1 - (double) spread.count / face);
  }

  /** The variance of numbers that come one by one. */
  private static final class Variance {
    private int count;
    private double sum;
    private double sumOfSquares;

    void add(double number) {
      count++;
      sum += number;
      sumOfSquares += number * number;
    }

    double variance() {
      if (count == 0) {
        return 0;
      }
      double mean = sum / count;
      return Math.max(0, sumOfSquares / count - mean * mean);
    }
  }
}
