// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

/**
 * A property of the image of a face that can be measured without a network. Names are those of
 * ISO/IEC 29794-5 where it has one.
 *
 * <p>Immutable and thread-safe.
 */
public enum QualityProperty {
  /** The distance between the eyes, in pixels of the image. */
  INTER_EYE_DISTANCE(
      "inter-eye distance", "pixels", true, "take the image from nearer, or with more pixels"),

  /**
   * How much the face has of edges: the variance of the Laplacian of its gray levels, over the
   * aligned crop of 112 x 112 pixels. Blur lowers it, and so does a small image.
   */
  SHARPNESS("sharpness", "", true, "focus on the face, and hold camera and face still"),

  /** The share of the face whose gray levels are 25 or less of 255, in [0, 1]. */
  UNDER_EXPOSURE("under-exposed share", "", false, "put more light on the face"),

  /** The share of the face whose gray levels are 247 or more of 255, in [0, 1]. */
  OVER_EXPOSURE("over-exposed share", "", false, "put less light on the face, or expose shorter"),

  /** The standard deviation of the face's gray levels, from 0 to 127.5. */
  CONTRAST("contrast", "gray levels", true, "light the face more, from the front, without haze"),

  /**
   * How far the face looks sideways, in degrees: positive to the viewer's right, as in {@link
   * HeadPose#yaw}. It is a rough one, of five landmarks.
   */
  YAW("yaw", "degrees", false, "let the person face the camera"),

  /**
   * How far the head is tilted, in degrees: positive clockwise as the viewer sees it, as in {@link
   * HeadPose#roll}.
   */
  ROLL("roll", "degrees", false, "hold head and camera upright"),

  /** The share of the face, from brows to chin, that lies outside of the image, in [0, 1]. */
  OUTSIDE_SHARE("share outside of the image", "", false, "show the whole face"),

  /** The score of the detector, in [0, 1]. Scores of different detectors do not compare. */
  DETECTOR_SCORE("detector score", "", true, "show a face that is not covered, and well lit");

  private final String label;
  private final String unit;
  private final boolean higherIsBetter;
  private final String advice;

  QualityProperty(String label, String unit, boolean higherIsBetter, String advice) {
    this.label = label;
    this.unit = unit;
    this.higherIsBetter = higherIsBetter;
    this.advice = advice;
  }

  /**
   * The name for people.
   *
   * @return one in lower case, as in {@code inter-eye distance}
   */
  public String label() {
    return label;
  }

  /**
   * What it is counted in.
   *
   * @return {@code pixels}, {@code degrees} or {@code gray levels}; empty for what has no unit
   */
  public String unit() {
    return unit;
  }

  /**
   * Which way is better.
   *
   * @return true where more is better; false where less is, of angles to either side
   */
  public boolean higherIsBetter() {
    return higherIsBetter;
  }

  boolean isAngle() {
    return unit.equals("degrees");
  }

  /**
   * What makes it better.
   *
   * @return one line for the person who takes the image
   */
  public String advice() {
    return advice;
  }
}
