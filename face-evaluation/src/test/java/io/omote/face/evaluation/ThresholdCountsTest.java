// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.EmbeddingException;
import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdCountsTest {
  private static final double[] THRESHOLDS = {0.6, -1, 0, 0.1, 0.35, 0.3, 0.42, 1, 0.35};

  private static List<GalleryEntry> crowd(long seed, int dimension) {
    Random random = new Random(seed);
    List<GalleryEntry> samples = new ArrayList<>();
    for (int person = 0; person < 60; person++) {
      float[] center = vector(random, dimension, new float[dimension]);
      int count = 1 + random.nextInt(person == 0 ? 40 : 5);
      for (int sample = 0; sample < count; sample++) {
        float[] face = vector(random, dimension, center);
        samples.add(
            new GalleryEntry("p" + person, "s" + sample, FaceEmbedding.ofRaw("model:1", face)));
      }
    }
    Collections.shuffle(samples, random);
    return samples;
  }

  private static float[] vector(Random random, int dimension, float[] center) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = center[i] + (float) random.nextGaussian();
    }
    return vector;
  }

  private static void add(VerificationScores.Builder all, GalleryEntry a, GalleryEntry b) {
    all.add(a.person().equals(b.person()), a.face().similarity(b.face()));
  }

  private static VerificationScores all(List<GalleryEntry> samples) {
    VerificationScores.Builder all = VerificationScores.builder();
    for (int i = 0; i < samples.size(); i++) {
      for (int j = i + 1; j < samples.size(); j++) {
        add(all, samples.get(i), samples.get(j));
      }
    }
    return all.build();
  }

  private static void assertSame(
      ThresholdCounts counts, VerificationScores scores, double... thresholds) {
    assertThat(counts.matedTrials()).isEqualTo(scores.matedTrials());
    assertThat(counts.nonMatedTrials()).isEqualTo(scores.nonMatedTrials());
    for (double threshold : thresholds) {
      assertThat(counts.fmr(threshold)).isEqualTo(scores.fmr(threshold));
      assertThat(counts.fnmr(threshold)).isEqualTo(scores.fnmr(threshold));
      assertThat(counts.falseMatches(threshold)).isEqualTo(scores.falseMatches(threshold));
      assertThat(counts.falseNonMatches(threshold)).isEqualTo(scores.falseNonMatches(threshold));
      assertThat(counts.operatingPoint("m", threshold, "d"))
          .isEqualTo(scores.operatingPoint("m", threshold, "d"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 512, 3})
  void within_countsWhatScoresSay(int dimension) {
    List<GalleryEntry> samples = crowd(dimension, dimension);

    ThresholdCounts counts = ThresholdCounts.within(samples, THRESHOLDS);

    assertThat(counts.thresholds()).containsExactly(-1, 0, 0.1, 0.3, 0.35, 0.42, 0.6, 1);
    assertSame(counts, all(samples), THRESHOLDS);
  }

  @Test
  void within_thresholdsThatAreScores_countsThem() {
    List<GalleryEntry> samples = crowd(8, 512).subList(0, 60);
    Random random = new Random(3);
    double[] thresholds = new double[50];
    for (int i = 0; i < thresholds.length; i++) {
      int one = random.nextInt(60);
      int other = (one + 1 + random.nextInt(59)) % 60;
      thresholds[i] = samples.get(one).face().similarity(samples.get(other).face());
    }

    assertSame(ThresholdCounts.within(samples, thresholds), all(samples), thresholds);
  }

  @Test
  void within_similarityOfNegativeZero_reachesZero() {
    List<GalleryEntry> samples =
        List.of(
            new GalleryEntry("a", "1", FaceEmbedding.ofRaw("m", new float[] {1, 0, 0, 0})),
            new GalleryEntry("b", "1", FaceEmbedding.ofRaw("m", new float[] {-0f, -1, 0, 0})));

    assertThat(ThresholdCounts.within(samples, 0, 0.5).falseMatches(0)).isEqualTo(1);
    assertThat(ThresholdCounts.within(samples, -0.0, 0.5).falseMatches(0)).isEqualTo(1);
    assertThat(ThresholdCounts.within(samples, -0.0, 0.5).falseMatches(-0.0)).isEqualTo(1);
  }

  @Test
  void between_comparesAllWithAll() {
    List<GalleryEntry> samples = crowd(4, 100);
    List<GalleryEntry> first = samples.subList(0, 90);
    List<GalleryEntry> second = samples.subList(40, samples.size());
    VerificationScores.Builder scores = VerificationScores.builder();
    first.forEach(a -> second.forEach(b -> add(scores, a, b)));

    assertSame(ThresholdCounts.between(first, second, THRESHOLDS), scores.build(), THRESHOLDS);
  }

  @Test
  void merge_ofParts_isTheWhole() {
    List<GalleryEntry> samples = crowd(5, 100);
    List<GalleryEntry> first = samples.subList(0, 70);
    List<GalleryEntry> second = samples.subList(70, samples.size());

    ThresholdCounts merged =
        ThresholdCounts.within(first, THRESHOLDS)
            .merge(ThresholdCounts.within(second, THRESHOLDS))
            .merge(ThresholdCounts.between(first, second, THRESHOLDS));

    assertSame(merged, all(samples), THRESHOLDS);
  }

  @Test
  void failures_countAsInScores() {
    List<GalleryEntry> samples = crowd(6, 100).subList(0, 20);
    VerificationScores.Builder failed = VerificationScores.builder();
    for (int i = 0; i < 7; i++) {
      failed.addFailure(i < 3);
    }

    ThresholdCounts counts = ThresholdCounts.within(samples, 0.4).withFailures(3, 4);

    assertSame(counts, VerificationScores.union(List.of(all(samples), failed.build())), 0.4);
    assertThat(counts).asString().endsWith(", failures=7]");
  }

  @Test
  void of_countsMadeElsewhere_isThem() {
    ThresholdCounts counts =
        ThresholdCounts.of(
            new double[] {0.3, 0.4},
            new long[] {9, 7},
            new long[] {5_000_000_000L, 2},
            10,
            1L << 40);

    assertThat(counts.fnmr(0.4).value()).isEqualTo(0.3);
    assertThat(counts.fmr(0.3).trials()).isEqualTo(1L << 40);
    assertThat(counts.fmr(0.4).value()).isEqualTo(2.0 / (1L << 40));
  }

  @Test
  void of_countsThatDoNotFit_isRefused() {
    assertRefused(new double[] {0.4, 0.3}, new long[] {2, 1}, new long[] {2, 1}, 5, 5);
    assertRefused(new double[] {0.3, 0.4}, new long[] {1, 2}, new long[] {2, 1}, 5, 5);
    assertRefused(new double[] {0.3, 0.4}, new long[] {2, 1}, new long[] {6, 1}, 5, 5);
    assertRefused(new double[] {0.3, 0.4}, new long[] {2, -1}, new long[] {2, 1}, 5, 5);
    assertRefused(new double[] {0.3, 0.4}, new long[] {2}, new long[] {2, 1}, 5, 5);
  }

  private static void assertRefused(
      double[] thresholds, long[] mated, long[] nonMated, long matedMade, long nonMatedMade) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ThresholdCounts.of(thresholds, mated, nonMated, matedMade, nonMatedMade));
  }

  @Test
  void wrongQuestions_areRefused() {
    List<GalleryEntry> samples = crowd(7, 100);
    ThresholdCounts counts = ThresholdCounts.within(samples, 0.4);

    assertThatIllegalArgumentException().isThrownBy(() -> ThresholdCounts.within(samples));
    assertThatIllegalArgumentException().isThrownBy(() -> ThresholdCounts.within(samples, 1.5));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ThresholdCounts.within(samples, Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> counts.fmr(0.41))
        .withMessage(
            "expected one of the thresholds [0.4], found 0.41: count at that threshold, too");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> counts.merge(ThresholdCounts.within(samples, 0.5)));
    assertThatIllegalArgumentException().isThrownBy(() -> counts.withFailures(-1, 0));
    assertThatThrownBy(() -> ThresholdCounts.within(List.of(), 0.4).fmr(0.4))
        .isInstanceOf(TooFewTrialsException.class);
    assertThatThrownBy(() -> ThresholdCounts.within(List.of(), 0.4).fnmr(0.4))
        .isInstanceOf(TooFewTrialsException.class);
    GalleryEntry other =
        new GalleryEntry("x", "y", FaceEmbedding.ofRaw("other", new float[] {1, 2}));
    assertThatThrownBy(() -> ThresholdCounts.between(samples, List.of(other), 0.4))
        .isInstanceOf(EmbeddingException.class);
  }
}
