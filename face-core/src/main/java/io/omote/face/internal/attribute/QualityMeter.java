// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.attribute;

import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.attribute.MeasuredQuality.Property;
import io.omote.face.description.Normalization;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.network.Alignment;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.Map;

/**
 * Measures how well an image shows a face, without a network. Pixels outside of the image do not
 * count: the black there is not a shadow.
 *
 * <p>Stateless and thread-safe.
 */
public final class QualityMeter {
  private static final int SIDE = 112;
  private static final Alignment ALIGNMENT = new Alignment(SIDE);
  private static final Sampler GRAY = Sampler.gray(Normalization.IN_GRAPH);

  /** The limits of ISO/IEC 29794-5 for gray levels from 0 to 255. */
  private static final double DARK = 25;

  private static final double BRIGHT = 247;

  // An ellipse in the aligned crop, from the brows to the chin: it leaves out hair and background.
  private static final double CENTER_X = 56;
  private static final double CENTER_Y = 74;
  private static final double HALF_WIDTH = 34;
  private static final double HALF_HEIGHT = 36;

  private QualityMeter() {}

  /**
   * Measures the image of one face.
   *
   * @param image the image
   * @param face a face in it
   * @return the measured values
   */
  public static MeasuredQuality measure(FaceImage image, Face face) {
    Landmarks landmarks = Alignment.landmarksOf(face);
    CropTransform crop = ALIGNMENT.crop(image, landmarks);
    float[] gray = new float[SIDE * SIDE];
    GRAY.warp(crop, SIDE, SIDE, FloatBuffer.wrap(gray));
    boolean[] inside = inside(image, crop.toImage());
    HeadPose pose = PoseFit.of(landmarks);
    Map<Property, Double> values = new EnumMap<>(Property.class);
    values.put(
        Property.INTER_EYE_DISTANCE,
        Math.hypot(
            (double) landmarks.rightEye().x() - landmarks.leftEye().x(),
            (double) landmarks.rightEye().y() - landmarks.leftEye().y()));
    values.put(Property.SHARPNESS, sharpness(gray, inside));
    putFace(values, gray, inside);
    values.put(Property.YAW, pose.yaw());
    values.put(Property.ROLL, pose.roll());
    values.put(Property.DETECTOR_SCORE, (double) face.score());
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

  private static void putFace(Map<Property, Double> values, float[] gray, boolean[] inside) {
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
    // A face that is entirely outside has no visible pixel: it counts as dark.
    double seen = Math.max(1, spread.count);
    values.put(Property.UNDER_EXPOSURE, spread.count == 0 ? 1 : dark / seen);
    values.put(Property.OVER_EXPOSURE, bright / seen);
    values.put(Property.CONTRAST, Math.sqrt(spread.variance()));
    // The detector's box cannot be used: it shrinks to the part that the image shows.
    values.put(Property.OUTSIDE_SHARE, 1 - (double) spread.count / face);
  }

  /** A running variance. */
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
