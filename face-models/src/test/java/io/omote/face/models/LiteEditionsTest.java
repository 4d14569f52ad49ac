// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The two editions of the bundled pack on 600 images of 300 people of Labeled Faces in the Wild.
 * Prints the figures of docs/accuracy.md.
 */
@Tag("testdata")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiteEditionsTest {
  private static final int DRAWS = 1000;

  /** Two images for each person, one after the other. */
  private List<FaceEmbedding> lite;

  private List<FaceEmbedding> fast;

  /** The error rates at a threshold. */
  private record Rates(ErrorRate fmr, ErrorRate fnmr) {}

  @BeforeAll
  void embed() throws IOException {
    List<Path> images;
    try (Stream<Path> all = Files.walk(TestData.path("lfw-dev"))) {
      images = all.filter(path -> path.toString().endsWith(".jpg")).sorted().toList();
    }
    assertThat(images).hasSize(600);
    for (int i = 0; i < images.size(); i += 2) {
      assertThat(images.get(i).getParent()).isEqualTo(images.get(i + 1).getParent());
    }
    lite = embed(ModelZoo.lite(), images);
    fast = embed(ModelZoo.liteFast(), images);
  }

  private static List<FaceEmbedding> embed(FaceModels models, List<Path> images) {
    try (FaceMatcher matcher = FaceMatcher.create(models)) {
      return images.stream().map(image -> matcher.embed(image).orElseThrow()).toList();
    }
  }

  @Test
  void rates_agreeWithTheManifest() {
    for (OperatingPoint stated : ModelZoo.lite().operatingPoints()) {
      if (stated.fmr().value() >= 1e-4) { // below, the images show too few errors
        Rates rates = rates(lite, lite, stated.threshold());
        print("lite at %.4f: %s, %s", stated.threshold(), text(rates.fmr), text(rates.fnmr));
        assertThat(overlap(rates.fmr, stated.fmr())).as("FMR of %s", stated).isTrue();
        assertThat(overlap(rates.fnmr, stated.fnmr())).as("FNMR of %s", stated).isTrue();
      }
    }
  }

  private static boolean overlap(ErrorRate one, ErrorRate other) {
    return one.lower() <= other.upper() && other.lower() <= one.upper();
  }

  /** The landmarks of both editions differ, but the recognizer does not. */
  @Test
  void embeddings_ofBothEditions_areClose() {
    double[] similarities =
        IntStream.range(0, lite.size())
            .mapToDouble(i -> lite.get(i).similarity(fast.get(i)))
            .sorted()
            .toArray();
    print("similarity: median %.4f, 1 %% below %.4f", similarities[300], similarities[6]);
    assertThat(similarities[300]).isGreaterThan(0.97);
    assertThat(similarities[6]).isGreaterThan(0.85);
  }

  /** A gallery of the first edition, and probes of the second. */
  @Test
  void rates_betweenEditions_areThoseOfTheFirst() {
    for (OperatingPoint stated : ModelZoo.liteFast().operatingPoints()) {
      if (stated.fmr().value() >= 1e-4) {
        Rates first = rates(fast, fast, stated.threshold());
        Rates between = rates(fast, lite, stated.threshold());
        print(
            "at %.4f: lite-fast %s, %s; between editions %s, %s",
            stated.threshold(),
            text(first.fmr),
            text(first.fnmr),
            text(between.fmr),
            text(between.fnmr));
        assertThat(between.fmr.value()).isLessThanOrEqualTo(first.fmr.upper());
        assertThat(between.fnmr.value()).isLessThanOrEqualTo(first.fnmr.upper());
      }
    }
  }

  /** Compares each embedding with those of all other images. */
  private static Rates rates(
      List<FaceEmbedding> gallery, List<FaceEmbedding> probes, double threshold) {
    int people = gallery.size() / 2;
    int[][] matches = new int[people][people];
    for (int i = 0; i < gallery.size(); i++) {
      for (int j = 0; j < probes.size(); j++) {
        if (i != j && gallery.get(i).similarity(probes.get(j)) >= threshold) {
          matches[i / 2][j / 2]++;
        }
      }
    }
    int[] once = new int[people];
    Arrays.fill(once, 1);
    double fmr = falseMatchRate(matches, once);
    double fnmr = falseNonMatchRate(matches, once);
    Random random = new Random(1);
    double[] fmrs = new double[DRAWS];
    double[] fnmrs = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      int[] times = new int[people];
      for (int i = 0; i < people; i++) {
        times[random.nextInt(people)]++;
      }
      fmrs[draw] = falseMatchRate(matches, times);
      fnmrs[draw] = falseNonMatchRate(matches, times);
    }
    return new Rates(rate(fmr, fmrs, people / 2), rate(fnmr, fnmrs, people));
  }

  /**
   * Returns a rate with bounds of 95 % by bootstrap over people; without an error, the upper bound
   * is that of the rule of three.
   *
   * @param disjoint the number of comparisons that share no person
   */
  private static ErrorRate rate(double value, double[] draws, int disjoint) {
    Arrays.sort(draws);
    return value == 0
        ? new ErrorRate(0, 0, 3.0 / disjoint, disjoint)
        : new ErrorRate(value, draws[DRAWS / 40], draws[DRAWS - 1 - DRAWS / 40], 0);
  }

  private static double falseMatchRate(int[][] matches, int[] times) {
    double errors = 0;
    double trials = 0;
    for (int i = 0; i < times.length; i++) {
      for (int j = 0; j < times.length; j++) {
        if (i != j) {
          errors += (double) times[i] * times[j] * matches[i][j];
          trials += 4.0 * times[i] * times[j];
        }
      }
    }
    return errors / trials;
  }

  private static double falseNonMatchRate(int[][] matches, int[] times) {
    double errors = 0;
    for (int i = 0; i < times.length; i++) {
      errors += times[i] * (2 - matches[i][i]);
    }
    return errors / (2.0 * times.length);
  }

  private static String text(ErrorRate rate) {
    return String.format(
        Locale.ROOT,
        "%.4f %% (%.4f to %.4f)",
        100 * rate.value(),
        100 * rate.lower(),
        100 * rate.upper());
  }

  private static void print(String pattern, Object... values) {
    System.out.printf(Locale.ROOT, pattern + "%n", values);
  }
}
