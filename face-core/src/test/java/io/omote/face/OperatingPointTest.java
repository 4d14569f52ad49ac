// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatingPointTest {
  private static final ErrorRate FNMR = new ErrorRate(0.02, 0.01, 0.03, 1000);

  private final OperatingPoint loose = point(0.3, new ErrorRate(1e-3, 9e-4, 2e-3, 100_000));
  private final OperatingPoint strict = point(0.4, new ErrorRate(1e-4, 5e-5, 2e-4, 100_000));
  private final OperatingPoint noErrors = point(0.5, new ErrorRate(0, 0, 4e-5, 100_000));
  private final OperatingPoint published = point(0.6, ErrorRate.published(1e-6));

  private static OperatingPoint point(double threshold, ErrorRate fmr) {
    return new OperatingPoint("m:1", threshold, fmr, FNMR, "some images");
  }

  private static FaceModels models(OperatingPoint... points) {
    FaceModels models = FaceModels.of(Path.of("detector.onnx"), Path.of("embedder.onnx"));
    return models.withEmbedder(models.embedder().withOperatingPoints(List.of(points)));
  }

  @Test
  void atFmr_ofSeveralPoints_isTheLowestThresholdThatKeepsTheRate() {
    FaceModels models = models(published, strict, noErrors, loose);
    assertThat(models.operatingPoints()).containsExactly(published, strict, noErrors, loose);
    assertThat(models.atFmr(1e-2)).isEqualTo(loose);
    assertThat(models.atFmr(1e-3)).isEqualTo(loose);
    assertThat(models.atFmr(5e-4)).isEqualTo(strict);
    assertThat(models.atFmr(5e-5)).isEqualTo(noErrors);
  }

  @Test
  void atFmr_belowWhatTheTrialsSupport_passesOverAPointWithoutErrors() {
    assertThat(models(noErrors, published).atFmr(1e-5)).isEqualTo(published);
    assertThatThrownBy(() -> models(noErrors).atFmr(1e-5)).isInstanceOf(ModelException.class);
  }

  @Test
  void atFmr_withoutSuchAPoint_saysWhatIsThere() {
    assertThatThrownBy(() -> models(loose, published).atFmr(1e-7))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("at most 1.0E-7")
        .hasMessageContaining("FMR 0.0010 at threshold 0.3 (100000 trials)")
        .hasMessageContaining("FMR 1.0e-06 at threshold 0.6 (published)");
    assertThatThrownBy(() -> models().atFmr(0.1))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no operating point");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1.5, Double.NaN})
  void atFmr_outsideOfRates_isRefused(double fmr) {
    assertThatIllegalArgumentException().isThrownBy(() -> models(loose).atFmr(fmr));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6})
  void supports_exactlyThreeOverTheRate_isEnough(double rate) {
    long enough = Math.round(3 / rate);
    assertThat(new ErrorRate(0, 0, 1, enough).supports(rate)).isTrue();
    assertThat(new ErrorRate(0, 0, 1, enough - 1).supports(rate)).isFalse();
  }

  @Test
  @Tag("testdata")
  void build_withAPointOfAnotherModel_isRefused() {
    FaceMatcher.Builder builder = FaceMatcher.builder(TestData.insightFace());
    assertThatThrownBy(() -> builder.operatingPoint(loose).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("arcface_mobilefacenet_dynamic:")
        .hasMessageContaining("m:1");
    FaceMatcher.Builder other = FaceMatcher.builder(TestData.insightFace());
    try (FaceMatcher matcher = other.threshold(0.2).build()) {
      assertThat(matcher.threshold()).isEqualTo(0.2);
    }
  }
}
