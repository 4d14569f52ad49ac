// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import io.omote.face.description.ScrfdModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlbumPointTest {
  private static OperatingPoint point(double threshold, double fmr, long trials) {
    ErrorRate rate = trials == 0 ? ErrorRate.published(fmr) : new ErrorRate(fmr, 0, 1, trials);
    return new OperatingPoint("m:0", threshold, rate, ErrorRate.published(0.05), "test");
  }

  private static FaceModels models(OperatingPoint... points) {
    return FaceModels.of(
        ScrfdModel.of(Path.of("det.onnx")),
        EmbedderModel.of(Path.of("rec.onnx")).withOperatingPoints(List.of(points)));
  }

  private static final FaceModels MEASURED =
      models(
          point(0.34, 1e-3, 1_000_000), point(0.42, 1e-4, 1_000_000), point(0.49, 1e-5, 1_000_000));

  @ParameterizedTest
  @CsvSource({
    "0, 0.42, 0, true",
    "1, 0.42, 1e-4, true",
    "1000, 0.42, 0.1, true",
    "1001, 0.49, 0.01001, true",
    "10000, 0.49, 0.1, true",
    "10001, 0.49, 0.10001, false",
    "1000000, 0.49, 10, false"
  })
  void moreFaces_needAStricterThreshold(
      int faces, double threshold, double falseLinks, boolean supported) {
    AlbumPoint point = MEASURED.albumPoint(faces);

    assertThat(point.threshold()).isEqualTo(threshold);
    assertThat(point.faces()).isEqualTo(faces);
    assertThat(point.falseLinks()).isCloseTo(falseLinks, within(1e-9));
    assertThat(point.isSupported()).isEqualTo(supported);
  }

  /** No error in 300 comparisons is no proof of a rate of 0. */
  @Test
  void rateWithoutEnoughTrials_isNotBelieved() {
    AlbumPoint point = models(point(0.4, 1e-3, 100_000), point(0.6, 0, 300)).albumPoint(100);

    assertThat(point.threshold()).isEqualTo(0.4);
    assertThat(point.fmr()).isEqualTo(1e-3);
    assertThat(models(point(0.6, 0, 300)).albumPoint(5).fmr()).isEqualTo(0.01);
  }

  /** A threshold that one face of six does not reach tears people apart. */
  @Test
  void strictPointThatLosesTooMany_isNotUsed_unlessThereIsNoOther() {
    OperatingPoint strict =
        new OperatingPoint(
            "m:0",
            0.6,
            new ErrorRate(1e-6, 0, 1, 10_000_000),
            new ErrorRate(0.16, 0.1, 0.2, 1000),
            "test");

    assertThat(models(point(0.49, 1e-5, 1_000_000), strict).albumPoint(50_000).threshold())
        .isEqualTo(0.49);
    assertThat(models(strict).albumPoint(50_000).threshold()).isEqualTo(0.6);
  }

  @Test
  void publishedRate_isUsed() {
    assertThat(models(point(0.41, 1e-6, 0)).albumPoint(50_000).isSupported()).isTrue();
  }

  @Test
  void nothingMeasured_isRefused() {
    assertThatThrownBy(() -> models().albumPoint(10))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("expected models with operating points, found none: ");
  }

  @Test
  void negativeNumberOfFaces_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> MEASURED.albumPoint(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AlbumPoint(point(0.4, 1e-4, 0), -1))
        .withMessage("expected 0 faces or more, found -1");
  }
}
