// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.Orientation;
import io.omote.face.internal.options.DetectorOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Four positions, with a detector whose faces are given for each. */
class TurningDetectorTest {
  private static final int WIDTH = 300;
  private static final int HEIGHT = 200;

  /** The corners say by how much an image is turned. */
  private static final FaceImage IMAGE = image();

  private final List<Planted> planted = new ArrayList<>();

  /** A face in pixels of one position, and how surely it stands upright there. */
  private record Planted(int degrees, Face face, double certainty) {}

  private static FaceImage image() {
    byte[] bgr = new byte[3 * WIDTH * HEIGHT];
    bgr[0] = 1;
    bgr[3 * (WIDTH - 1)] = 2;
    bgr[3 * (WIDTH * HEIGHT - 1)] = 3;
    bgr[3 * WIDTH * (HEIGHT - 1)] = 4;
    return FaceImage.ofBgr(bgr, WIDTH, HEIGHT);
  }

  /** The corner that comes to the top left by a clockwise turn. */
  private static int position(FaceImage image) {
    return switch (image.bgr().get(0)) {
      case 1 -> 0;
      case 4 -> 90;
      case 3 -> 180;
      default -> 270;
    };
  }

  private final class Fake implements UprightDetector {
    @Override
    public List<Face> detect(FaceImage image) {
      return planted.stream()
          .filter(at -> at.degrees() == position(image))
          .map(Planted::face)
          .toList();
    }

    @Override
    public double certainty(FaceImage image, Face face) {
      return planted.stream()
          .filter(at -> at.degrees() == position(image) && at.face().equals(face))
          .findFirst()
          .orElseThrow()
          .certainty();
    }

    @Override
    public void close() {
      planted.clear();
    }
  }

  private List<Face> detect(int maxFaces) {
    DetectorOptions options =
        new DetectorOptions(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Orientation.ANY,
            false,
            false,
            maxFaces,
            FaceSelection.LARGEST);
    return new TurningDetector(new Fake(), options).detect(IMAGE);
  }

  private List<Face> detect() {
    return detect(Integer.MAX_VALUE);
  }

  private void plant(int degrees, Face face, double certainty) {
    planted.add(new Planted(degrees, face, certainty));
  }

  /** An upright face of 40x50 pixels. */
  private static Face face(float left, float top, float score) {
    return new Face(
        new BoundingBox(left, top, left + 40, top + 50),
        score,
        Optional.of(
            new Landmarks(
                new Point(left + 12, top + 20),
                new Point(left + 28, top + 20),
                new Point(left + 20, top + 30),
                new Point(left + 14, top + 40),
                new Point(left + 26, top + 40))));
  }

  @Test
  void detect_facesOfEachPosition_areInPixelsOfTheGivenImage() {
    plant(0, face(10, 20, 0.9f), 5);
    plant(90, face(10, 20, 0.8f), 1);
    plant(180, face(10, 20, 0.7f), 1);
    plant(270, face(10, 20, 0.6f), 1);
    List<Face> faces = detect();
    assertThat(faces)
        .extracting(Face::box)
        .containsExactly(
            new BoundingBox(10, 20, 50, 70),
            new BoundingBox(20, 149, 70, 189),
            new BoundingBox(249, 129, 289, 179),
            new BoundingBox(229, 10, 279, 50));
    assertThat(faces).extracting(Face::turn).containsExactly(0, 270, 180, 90);
    assertThat(faces)
        .extracting(face -> face.landmarks().orElseThrow().leftEye())
        .containsExactly(
            new Point(22, 40), new Point(40, 177), new Point(277, 159), new Point(259, 22));
  }

  @Test
  void detect_aFaceOfSeveralPositions_staysWhereItIsSurest() {
    plant(0, face(249, 129, 0.99f), 1);
    plant(180, face(10, 20, 0.7f), 2);
    assertThat(detect()).extracting(Face::turn).containsExactly(180);
  }

  /** In a wrong position, a box may be much larger than the face, or much smaller. */
  @ParameterizedTest
  @CsvSource({"1, 2, 180", "2, 1, 0"})
  void detect_boxesOfDifferentSizes_areOneFace(double large, double small, int turn) {
    plant(0, new Face(new BoundingBox(100, 20, 290, 190), 0.9f, Optional.empty()), large);
    plant(180, face(10, 20, 0.7f), small);
    assertThat(detect()).hasSize(1).extracting(Face::turn).containsExactly(turn);
  }

  @Test
  void detect_neighborsInOnePosition_stay() {
    plant(0, face(100, 100, 0.9f), 2);
    plant(0, face(115, 100, 0.8f), -1);
    assertThat(detect()).hasSize(2);
  }

  /** Networks find false faces in turned images. */
  @Test
  void detect_unsureFaces_areKeptInThePositionOfTheSurest() {
    plant(90, face(10, 20, 0.7f), -1);
    plant(90, face(110, 20, 0.6f), -1);
    plant(0, face(10, 20, 0.9f), -2);
    assertThat(detect()).extracting(Face::score).containsExactly(0.7f, 0.6f);
    plant(0, face(110, 20, 0.8f), 0);
    assertThat(detect()).extracting(Face::score).containsExactly(0.9f, 0.8f);
  }

  @ParameterizedTest
  @ValueSource(ints = {90, 180, 270})
  void detect_landmarksThatLie_countWhereNoPositionHasThemUpright(int degrees) {
    Face upright = face(10, 20, 0.9f);
    List<Point> points = new ArrayList<>(upright.landmarks().orElseThrow().points());
    double angle = Math.toRadians(degrees);
    points.replaceAll(
        point ->
            new Point(
                (float) (60 + Math.cos(angle) * point.x() - Math.sin(angle) * point.y()),
                (float) (60 + Math.sin(angle) * point.x() + Math.cos(angle) * point.y())));
    Face lying =
        new Face(
            upright.box(),
            0.9f,
            Optional.of(
                new Landmarks(
                    points.get(0), points.get(1), points.get(2), points.get(3), points.get(4))));
    assertThat(lying.turn()).isEqualTo(degrees);
    plant(0, lying, 9);
    assertThat(detect()).containsExactly(lying);
    plant(90, face(100, 200, 0.6f), 0);
    assertThat(detect()).extracting(Face::score).containsExactly(0.6f);
  }

  @Test
  void detect_withoutLandmarks_goesByCertainty() {
    BoundingBox box = new BoundingBox(10, 20, 50, 70);
    plant(0, new Face(box, 0.9f, Optional.empty()), 1);
    plant(180, new Face(new BoundingBox(249, 129, 289, 179), 0.8f, Optional.empty()), 2);
    assertThat(detect()).containsExactly(new Face(box, 0.8f, Optional.empty()));
  }

  @Test
  void detect_maxFaces_countsAllPositions() {
    plant(0, face(10, 20, 0.6f), 1);
    plant(90, face(10, 20, 0.9f), 1);
    plant(180, face(10, 20, 0.8f), 1);
    assertThat(detect(2)).hasSize(2).isSubsetOf(detect());
  }

  @Test
  void detect_noFace_isEmpty() {
    assertThat(detect()).isEmpty();
  }
}
