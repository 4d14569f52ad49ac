// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.EnrollmentGate;
import io.omote.face.attribute.EnrollmentGate.Shortfall;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.attribute.MeasuredQuality.Property;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Properties of drawn images, whose values are known. */
class MeasuredQualityTest {
  private static final int SIDE = 224;

  /** Where the five points of the aligned crop of 112 pixels lie, frontal and upright. */
  private static final float[][] TEMPLATE = {
    {38.2946f, 51.6963f},
    {73.5318f, 51.5014f},
    {56.0252f, 71.7366f},
    {41.5493f, 92.3655f},
    {70.7299f, 92.2041f}
  };

  private static FaceImage gray(IntBinaryOperator level) {
    byte[] bgr = new byte[3 * SIDE * SIDE];
    for (int at = 0; at < SIDE * SIDE; at++) {
      byte value = (byte) level.applyAsInt(at % SIDE, at / SIDE);
      bgr[3 * at] = value;
      bgr[3 * at + 1] = value;
      bgr[3 * at + 2] = value;
    }
    return FaceImage.ofBgr(bgr, SIDE, SIDE);
  }

  /** The face whose aligned crop is the image itself, scaled, with its corner at a place. */
  private static Face face(float scale, float left, float top) {
    Point[] points = new Point[5];
    for (int at = 0; at < points.length; at++) {
      points[at] = new Point(scale * TEMPLATE[at][0] + left, scale * TEMPLATE[at][1] + top);
    }
    return new Face(
        new BoundingBox(left, top, left + 112 * scale, top + 112 * scale),
        0.75f,
        Optional.of(new Landmarks(points[0], points[1], points[2], points[3], points[4])));
  }

  private static MeasuredQuality measured(IntBinaryOperator level) {
    return MeasuredQuality.of(gray(level), face(1, 50, 50));
  }

  @Test
  void of_evenGray_hasNoEdgesAndNoContrast() {
    MeasuredQuality quality = measured((x, y) -> 128);
    assertThat(quality.get(Property.SHARPNESS)).isCloseTo(0, within(1e-9));
    assertThat(quality.get(Property.CONTRAST)).isCloseTo(0, within(1e-9));
    assertThat(quality.get(Property.UNDER_EXPOSURE)).isZero();
    assertThat(quality.get(Property.OVER_EXPOSURE)).isZero();
    assertThat(quality.get(Property.OUTSIDE_SHARE)).isCloseTo(0, within(1e-6));
    assertThat(quality.get(Property.DETECTOR_SCORE)).isEqualTo(0.75);
  }

  @Test
  void of_chessboard_hasTheVarianceOfItsLaplacian() {
    // Neighbors differ by 20 in four directions: the Laplacian is 80 or -80.
    MeasuredQuality quality = measured((x, y) -> (x + y) % 2 == 0 ? 90 : 110);
    assertThat(quality.get(Property.SHARPNESS)).isCloseTo(6400, within(10.0));
    assertThat(quality.get(Property.CONTRAST)).isCloseTo(10, within(0.05));
  }

  @ParameterizedTest
  @CsvSource({"25, 1, 0", "26, 0, 0", "246, 0, 0", "247, 0, 1"})
  void of_evenGray_isExposedByTheLimitsOfTheStandard(int level, double under, double over) {
    MeasuredQuality quality = measured((x, y) -> level);
    assertThat(quality.get(Property.UNDER_EXPOSURE)).isEqualTo(under);
    assertThat(quality.get(Property.OVER_EXPOSURE)).isEqualTo(over);
  }

  @Test
  void of_halfBlackHalfWhite_countsBothShares() {
    // The middle of the face lies at 56 of the crop.
    MeasuredQuality quality = measured((x, y) -> x < 106 ? 0 : 255);
    assertThat(quality.get(Property.UNDER_EXPOSURE)).isCloseTo(0.5, within(0.02));
    assertThat(quality.get(Property.OVER_EXPOSURE)).isCloseTo(0.5, within(0.02));
    assertThat(quality.get(Property.CONTRAST)).isCloseTo(127.5, within(0.2));
  }

  @ParameterizedTest
  @CsvSource({"0.5", "1", "1.5"})
  void of_frontalFace_hasTheDistanceOfItsEyesAndLooksAhead(float scale) {
    MeasuredQuality quality = MeasuredQuality.of(gray((x, y) -> 128), face(scale, 10, 10));
    assertThat(quality.get(Property.INTER_EYE_DISTANCE)).isCloseTo(scale * 35.238, within(0.001));
    assertThat(quality.get(Property.YAW)).isCloseTo(0, within(3.0));
    assertThat(quality.get(Property.ROLL)).isCloseTo(0, within(1.0));
  }

  @Test
  void of_faceThatLeavesTheImage_saysHowMuch_andLeavesTheRestAlone() {
    // The left half of the crop lies outside; gray 128 inside, black never counts.
    FaceImage image = gray((x, y) -> 128);
    MeasuredQuality quality = MeasuredQuality.of(image, face(1, -56.5f, 50));
    assertThat(quality.get(Property.OUTSIDE_SHARE)).isCloseTo(0.5, within(0.01));
    assertThat(quality.get(Property.UNDER_EXPOSURE)).isZero();
    assertThat(quality.get(Property.SHARPNESS)).isCloseTo(0, within(1e-6));
  }

  /** Faces that leave the image at each side and corner, between its pixels. */
  @ParameterizedTest
  @CsvSource({
    "-40.71, 50", "-40.29, 50", "50, -40.71", "50, -40.29",
    "160.29, 50", "160.71, 50", "50, 160.29", "50, 160.71",
    "-40.71, -40.29", "160.29, 160.71", "-40.29, 160.29", "160.71, -40.71"
  })
  void of_faceAtTheBorder_seesNoEdgeThere_andAllEdgesWithin(float left, float top) {
    assertThat(MeasuredQuality.of(gray((x, y) -> 200), face(1, left, top)).get(Property.SHARPNESS))
        .as("black outside of the image is no edge")
        .isCloseTo(0, within(1e-3));
    // Strong edges in the outermost rows and columns that count, weak ones elsewhere.
    IntBinaryOperator framed =
        (x, y) ->
            Math.min(Math.min(x, y), Math.min(SIDE - 1 - x, SIDE - 1 - y)) == 1
                ? 220
                : 120 + (x * 31 + y * 17 + x * y) % 13;
    double sharpness = MeasuredQuality.of(gray(framed), face(1, left, top)).get(Property.SHARPNESS);
    double expected = sharpness(framed, left, top);
    assertThat(sharpness).isCloseTo(expected, within(0.005 * expected));
  }

  /** The variance of the Laplacian where it and its four neighbors lie within the image. */
  private static double sharpness(IntBinaryOperator level, double left, double top) {
    List<Double> edges = new ArrayList<>();
    for (int y = 1; y < 111; y++) {
      for (int x = 1; x < 111; x++) {
        double edge =
            between(level, left + x - 1, top + y)
                + between(level, left + x + 1, top + y)
                + between(level, left + x, top + y - 1)
                + between(level, left + x, top + y + 1)
                - 4 * between(level, left + x, top + y);
        if (!Double.isNaN(edge)) {
          edges.add(edge);
        }
      }
    }
    double mean = edges.stream().mapToDouble(e -> e).average().orElseThrow();
    return edges.stream().mapToDouble(e -> (e - mean) * (e - mean)).average().orElseThrow();
  }

  /** A whole level between four pixels, not a number where not all are there. */
  private static double between(IntBinaryOperator level, double x, double y) {
    if (x < 0 || y < 0 || x > SIDE - 1 || y > SIDE - 1) {
      return Double.NaN;
    }
    int column = (int) Math.min(x, SIDE - 2);
    int row = (int) Math.min(y, SIDE - 2);
    double upper = mix(level, column, row, x - column);
    double lower = mix(level, column, row + 1, x - column);
    return Math.floor(upper + (y - row) * (lower - upper) + 0.5);
  }

  private static double mix(IntBinaryOperator level, int x, int y, double share) {
    int first = level.applyAsInt(x, y);
    return first + share * (level.applyAsInt(x + 1, y) - first);
  }

  @Test
  void of_faceOutsideOfTheImage_isWhollyOutside() {
    MeasuredQuality quality = MeasuredQuality.of(gray((x, y) -> 128), face(1, 500, 500));
    assertThat(quality.get(Property.OUTSIDE_SHARE)).isEqualTo(1);
    assertThat(quality.get(Property.UNDER_EXPOSURE)).isEqualTo(1);
    assertThat(quality.get(Property.CONTRAST)).isZero();
  }

  @Test
  void of_faceWithoutLandmarks_isRefused() {
    Face face = new Face(new BoundingBox(0, 0, 100, 100), 0.9f, Optional.empty());
    assertThatThrownBy(() -> MeasuredQuality.of(gray((x, y) -> 128), face))
        .isInstanceOf(AlignmentException.class);
  }

  /** The corners of the eyes, their lids, the inner lips and the corners of the mouth. */
  private static final float[][] OF_MESH = {
    {33, 100, 100},
    {133, 140, 100},
    {160, 110, 95},
    {144, 110, 105},
    {158, 130, 94},
    {153, 130, 106},
    {362, 180, 100},
    {263, 220, 100},
    {385, 190, 97},
    {380, 190, 103},
    {387, 210, 97},
    {373, 210, 103},
    {61, 130, 200},
    {291, 190, 200},
    {13, 160, 197},
    {14, 160, 203}
  };

  private static FaceMesh mesh(double presence) {
    float[] xyz = new float[3 * FaceMesh.POINTS];
    for (float[] point : OF_MESH) {
      xyz[3 * (int) point[0]] = point[1];
      xyz[3 * (int) point[0] + 1] = point[2];
    }
    return FaceMesh.of(presence, DenseLandmarks.withDepth(xyz));
  }

  @Test
  void with_mesh_hasTheEyeThatIsLessOpen_andTheMouth() {
    MeasuredQuality measured = measured((x, y) -> 128);
    MeasuredQuality quality = measured.with(mesh(0.5));
    assertThat(quality.get(Property.EYE_OPENNESS)).isCloseTo(6.0 / 40, within(1e-6));
    assertThat(quality.get(Property.MOUTH_OPENNESS)).isCloseTo(6.0 / 60, within(1e-6));
    assertThat(quality.values()).containsAllEntriesOf(measured.values()).hasSize(11);
  }

  /** Nobody knows whether the eyes are open then. */
  @Test
  void with_meshOnNoFace_fulfillsNoLimit() {
    MeasuredQuality quality = measured((x, y) -> 128).with(mesh(0.49));
    assertThat(quality.get(Property.EYE_OPENNESS)).isZero();
    assertThat(quality.get(Property.MOUTH_OPENNESS)).isOne();
    assertThat(
            EnrollmentGate.defaults()
                .with(Property.EYE_OPENNESS, 0.08)
                .with(Property.MOUTH_OPENNESS, 0.1)
                .check(quality))
        .extracting(Shortfall::property)
        .contains(Property.EYE_OPENNESS, Property.MOUTH_OPENNESS);
  }

  @Test
  void withoutMesh_theOthersAreThere_andALimitForEyesIsRefused() {
    MeasuredQuality quality = measured((x, y) -> 128);
    assertThat(quality.values().keySet())
        .hasSize(9)
        .noneMatch(Property::isFromMesh)
        .isEqualTo(
            EnumSet.complementOf(EnumSet.of(Property.EYE_OPENNESS, Property.MOUTH_OPENNESS)));
    EnrollmentGate gate = EnrollmentGate.defaults();
    assertThat(gate.limits()).doesNotContainKeys(Property.EYE_OPENNESS, Property.MOUTH_OPENNESS);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> gate.with(Property.EYE_OPENNESS, 0.2).check(quality))
        .withMessage(
            "the eye openness was not measured: add the mesh of the face with MeasuredQuality.with");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> gate.with(Property.MOUTH_OPENNESS, 0.2).check(quality))
        .withMessageContaining("the mouth openness was not measured");
  }

  @Test
  void message_ofEyes_saysWhatToDo() {
    MeasuredQuality quality = measured((x, y) -> 128).with(mesh(1));
    assertThat(EnrollmentGate.defaults().with(Property.EYE_OPENNESS, 0.2).check(quality))
        .extracting(Shortfall::message)
        .contains(
            "expected an eye openness of at least 0.2, found 0.15: have the person open both eyes,"
                + " and uncover them");
  }

  private static MeasuredQuality good() {
    Map<Property, Double> values = new EnumMap<>(Property.class);
    for (Property property : Property.values()) {
      values.put(property, property.higherIsBetter() ? 1e6 : 0.0);
    }
    return MeasuredQuality.of(values);
  }

  private static MeasuredQuality good(Property except, double value) {
    Map<Property, Double> values = new EnumMap<>(good().values());
    values.put(except, value);
    return MeasuredQuality.of(values);
  }

  @Test
  void check_goodImage_passes() {
    assertThat(EnrollmentGate.defaults().check(good())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Property.class)
  void check_atTheLimitPasses_beyondItFails(Property property) {
    EnrollmentGate gate = EnrollmentGate.defaults().with(property, 10);
    assertThat(gate.check(good(property, 10))).isEmpty();
    double beyond = property.higherIsBetter() ? 9.9999 : 10.0001;
    assertThat(gate.check(good(property, beyond)))
        .containsExactly(new Shortfall(property, beyond, 10));
    assertThat(gate.without(property).check(good(property, beyond))).isEmpty();
  }

  @Test
  void check_turnedToEitherSide_fails() {
    EnrollmentGate gate = EnrollmentGate.defaults().with(Property.YAW, 30);
    assertThat(gate.check(good(Property.YAW, -31))).hasSize(1);
    assertThat(gate.check(good(Property.YAW, 31))).hasSize(1);
  }

  @Test
  void message_saysWhatIsExpectedFoundAndToDo() {
    EnrollmentGate gate = EnrollmentGate.defaults().with(Property.INTER_EYE_DISTANCE, 24);
    assertThat(gate.check(good(Property.INTER_EYE_DISTANCE, 11.26)))
        .extracting(Shortfall::message)
        .containsExactly(
            "expected an inter-eye distance of at least 24 pixels, found 11.3: move closer, or use a"
                + " higher resolution");
    assertThat(new Shortfall(Property.UNDER_EXPOSURE, 0.83, 0.5).message())
        .isEqualTo(
            "expected an under-exposed share of at most 0.5, found 0.83: put more light on the"
                + " face");
    assertThat(new Shortfall(Property.YAW, -30.01, 30).message())
        .contains("at most 30.0 degrees to either side", "found -30.01");
  }

  @Test
  void with_refusesWhatIsNoLimit() {
    for (double limit : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> EnrollmentGate.defaults().with(Property.YAW, limit))
          .withMessageContaining("limit of 0 or more for the yaw");
    }
  }

  @Test
  void measuredQuality_refusesWhatIsMissingOrNotFinite() {
    Map<Property, Double> values = new EnumMap<>(good().values());
    values.remove(Property.CONTRAST);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MeasuredQuality.of(values))
        .withMessageContaining("contrast");
    values.put(Property.CONTRAST, Double.NaN);
    assertThatIllegalArgumentException().isThrownBy(() -> MeasuredQuality.of(values));
  }
}
