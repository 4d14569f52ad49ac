// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.Orientation;
import io.omote.face.SelectedFace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled pack on photos: which have a face, and in which position. */
class LitePhotosTest {
  @Tag("testdata")
  @ParameterizedTest
  @CsvSource({
    "aligned_crop_112.png, 1",
    "alpha_32bit.png, 1",
    "astronaut.png, 1",
    "biden.jpg, 1",
    "cat.png, 0",
    "group_4.jpg, 4",
    "group_6.jpg, 6",
    "obama.jpg, 1",
    "obama2.jpg, 1",
    "obama_partial_face.jpg, 1",
    "obama_small.jpg, 1",
    "photographer_grey.png, 1",
    "rocket.jpg, 0",
    "two_people.jpg, 2"
  })
  void detect_photo_findsItsFaces(String name, int count) {
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite())) {
      assertThat(detector.detect(FaceImage.read(TestData.path("photos/" + name)))).hasSize(count);
    }
  }

  private static FaceDetector any(FaceModels models) {
    return FaceDetector.builder(models.detector()).orientation(Orientation.ANY).build();
  }

  @Test
  @Tag("testdata")
  void detect_turnedPhotos_findsThePositionAndTheSameFace() throws IOException {
    FaceModels models = ModelZoo.lite();
    int images = 0;
    int right = 0;
    double least = 1;
    try (FaceDetector upright = FaceDetector.create(models);
        FaceDetector any = any(models);
        FaceEmbedder embedder = FaceEmbedder.create(models)) {
      for (Path file : files()) {
        FaceImage image = FaceImage.read(file);
        Optional<SelectedFace> expected = upright.detectOne(image, FaceSelection.CENTRAL);
        if (expected.isEmpty()) {
          continue;
        }
        for (int degrees = 0; degrees < 360; degrees += 90) {
          images++;
          FaceImage turned = image.turned(degrees);
          Optional<SelectedFace> found = any.detectOne(turned, FaceSelection.CENTRAL);
          if (found.isPresent() && found.get().face().turn() == degrees) {
            right++;
            least =
                Math.min(
                    least,
                    embedder
                        .embed(turned, found.get().face())
                        .similarity(embedder.embed(image, expected.get().face())));
          } else {
            System.out.printf(Locale.ROOT, "%s at %d: %s%n", file.getFileName(), degrees, found);
          }
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d of %d in the right position, similarity at least %.5f%n",
        right,
        images,
        least);
    assertThat(images).isGreaterThanOrEqualTo(4 * (60 + 10));
    assertThat((double) right / images).isGreaterThanOrEqualTo(0.97);
    assertThat(least).isGreaterThanOrEqualTo(0.99);
  }

  /** The photos, and the first image of every fifth person. */
  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> photos = Files.list(TestData.path("photos"));
        Stream<Path> people = Files.walk(TestData.path("lfw-dev"))) {
      photos.sorted().forEach(files::add);
      List<Path> lfw = people.filter(file -> file.toString().endsWith(".jpg")).sorted().toList();
      IntStream.range(0, 60).mapToObj(i -> lfw.get(10 * i)).forEach(files::add);
    }
    return files;
  }
}
