// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.internal.Implementations;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The quality of the image of a face, measured without a network: size, sharpness, light, pose.
 * These properties show what is wrong with an image; the score of a network ({@link FaceQuality})
 * only shows how bad it is. {@link EnrollmentGate} compares them with limits.
 *
 * <pre>{@code
 * double sharpness = MeasuredQuality.of(image, face).get(MeasuredQuality.Property.SHARPNESS);
 * }</pre>
 *
 * <p>Two further properties, of eyes and mouth, need a {@link FaceMesh}: {@link #with(FaceMesh)}
 * adds them.
 *
 * <p>Immutable and thread-safe.
 */
public final class MeasuredQuality {
  private final Map<Property, Double> values;

  /**
   * A property of the image of a face. Names are those of ISO/IEC 29794-5 where it has one.
   *
   * <p>Immutable and thread-safe.
   */
  public enum Property {
    /** The distance between the eyes, in pixels of the image. */
    INTER_EYE_DISTANCE(
        "inter-eye distance", "pixels", true, "move closer, or use a higher resolution"),

    /**
     * The amount of edges in the face: the variance of the Laplacian of its gray levels, over the
     * aligned crop of 112 x 112 pixels. Blur lowers it, and so does a small image.
     */
    SHARPNESS("sharpness", "", true, "focus on the face, and hold camera and face still"),

    /** The share of the face whose gray levels, from 0 to 255, are 25 or less; in [0, 1]. */
    UNDER_EXPOSURE("under-exposed share", "", false, "put more light on the face"),

    /** The share of the face whose gray levels, from 0 to 255, are 247 or more; in [0, 1]. */
    OVER_EXPOSURE(
        "over-exposed share", "", false, "put less light on the face, or shorten the exposure"),

    /** The standard deviation of the face's gray levels, from 0 to 127.5. */
    CONTRAST("contrast", "gray levels", true, "put more light on the face, from the front"),

    /**
     * The yaw of the head in degrees, positive to the viewer's right, as in {@link HeadPose#yaw}.
     * It is approximate, as it is computed from five landmarks.
     */
    YAW("yaw", "degrees", false, "have the person face the camera"),

    /**
     * The tilt of the head in degrees, positive clockwise as the viewer sees it, as in {@link
     * HeadPose#roll}.
     */
    ROLL("roll", "degrees", false, "hold head and camera upright"),

    /** The share of the face, from brows to chin, that lies outside of the image; in [0, 1]. */
    OUTSIDE_SHARE("share outside of the image", "", false, "show the whole face"),

    /** The score of the detector, in [0, 1]. Scores of different detectors are not comparable. */
    DETECTOR_SCORE("detector score", "", true, "show an uncovered, well-lit face"),

    /**
     * The {@linkplain FaceMesh.Eye#openness openness} of the eye that is less open, from a mesh. It
     * is 0 if the mesh {@linkplain FaceMesh#isPresent does not lie on a face}: eyes that were not
     * found do not count as open.
     */
    EYE_OPENNESS("eye openness", "", true, "have the person open both eyes, and uncover them"),

    /**
     * The {@linkplain FaceMesh#mouthOpenness openness} of the mouth, from a mesh. It is 1 if the
     * mesh {@linkplain FaceMesh#isPresent does not lie on a face}: a mouth that was not found does
     * not count as closed.
     */
    MOUTH_OPENNESS("mouth openness", "", false, "have the person close the mouth, and uncover it");

    private final String label;
    private final String unit;
    private final boolean higherIsBetter;
    private final String advice;

    Property(String label, String unit, boolean higherIsBetter, String advice) {
      this.label = label;
      this.unit = unit;
      this.higherIsBetter = higherIsBetter;
      this.advice = advice;
    }

    /**
     * Returns the name for people.
     *
     * @return a lower-case name, such as {@code inter-eye distance}
     */
    public String label() {
      return label;
    }

    /**
     * Returns the unit.
     *
     * @return {@code pixels}, {@code degrees} or {@code gray levels}; empty if the property has no
     *     unit
     */
    public String unit() {
      return unit;
    }

    /**
     * Returns the direction in which the property improves.
     *
     * @return true if more is better; false if less is, which for an angle means closer to zero
     */
    public boolean higherIsBetter() {
      return higherIsBetter;
    }

    boolean isAngle() {
      return unit.equals("degrees");
    }

    /**
     * Returns whether the property is measured from a mesh, with {@link #with(FaceMesh)}.
     *
     * @return false if it is measured from the image and the landmarks, as most are
     */
    public boolean isFromMesh() {
      return this == EYE_OPENNESS || this == MOUTH_OPENNESS;
    }

    /**
     * Returns advice for the person who takes the image.
     *
     * @return one line that says how to improve the property
     */
    public String advice() {
      return advice;
    }
  }

  private MeasuredQuality(Map<Property, Double> values) {
    this.values = values;
  }

  /**
   * Measures the image of one face.
   *
   * @param image the image
   * @param face a face in it
   * @return the measured values
   * @throws AlignmentException if the face has no landmarks, or they determine no alignment
   */
  public static MeasuredQuality of(FaceImage image, Face face) {
    return Implementations.measure(image, face);
  }

  /**
   * Copies measured values.
   *
   * @param values one for each property; those {@linkplain Property#isFromMesh from a mesh} may be
   *     missing
   * @return the values
   * @throws IllegalArgumentException if another value is missing, or one is not finite
   */
  public static MeasuredQuality of(Map<Property, Double> values) {
    Map<Property, Double> copy = new EnumMap<>(Property.class);
    for (Property property : Property.values()) {
      Double value = values.get(property);
      if (value == null && property.isFromMesh()) {
        continue;
      }
      if (value == null || !Double.isFinite(value)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "expected a finite number for the %s, found %s",
                property.label(),
                value));
      }
      copy.put(property, value);
    }
    return new MeasuredQuality(Collections.unmodifiableMap(copy));
  }

  /**
   * Adds the properties {@linkplain Property#isFromMesh from a mesh}.
   *
   * @param mesh the mesh of the same face
   * @return a copy with the openness of eyes and mouth
   */
  public MeasuredQuality with(FaceMesh mesh) {
    double eyes = Math.min(mesh.leftEye().openness(), mesh.rightEye().openness());
    Map<Property, Double> all = new EnumMap<>(values);
    all.put(Property.EYE_OPENNESS, mesh.isPresent() ? eyes : 0);
    all.put(Property.MOUTH_OPENNESS, mesh.isPresent() ? mesh.mouthOpenness() : 1);
    return of(all);
  }

  /**
   * Returns the value of one property.
   *
   * @param property the property
   * @return its value, in its unit
   * @throws IllegalArgumentException if the property is measured from a mesh, and none was added
   */
  public double get(Property property) {
    Double value = values.get(property);
    if (value == null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the %s was not measured: add the mesh of the face with MeasuredQuality.with",
              property.label()));
    }
    return value;
  }

  /**
   * Returns the values of all measured properties.
   *
   * @return the values, in the order of the enumeration; an immutable map
   */
  public Map<Property, Double> values() {
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MeasuredQuality that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /**
   * Returns a description with the values.
   *
   * @return the description, without biometric data
   */
  @Override
  public String toString() {
    return "MeasuredQuality" + values;
  }
}
