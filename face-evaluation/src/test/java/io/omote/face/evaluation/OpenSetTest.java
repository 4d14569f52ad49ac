// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.FaceMatcher;
import io.omote.face.IdentificationPoint;
import io.omote.face.IdentificationPolicy;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import io.omote.face.internal.files.ImageFolders;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OpenSetTest {
  /** Calibrated on half of the people, the stated rate holds for the other half. */
  @Test
  @Tag("testdata")
  void statedRate_holdsForOtherPeople() throws IOException {
    String property = System.getProperty("omote.testdata");
    assumeTrue(
        property != null && !property.isBlank(),
        "skipped: needs the reference data; give its folder as -Domote.testdata=...");
    Map<String, List<OpenSet.Image>> all = new LinkedHashMap<>();
    List<Map<String, List<OpenSet.Image>>> halves =
        List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
    String modelId;
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite())) {
      modelId = matcher.modelId();
      for (Path person : ImageFolders.folders(Path.of(property).resolve("lfw-dev"))) {
        List<OpenSet.Image> faces = new ArrayList<>();
        for (Path image : ImageFolders.images(person)) {
          faces.add(new OpenSet.Image(0, matcher.embed(image)));
        }
        halves.get(all.size() % 2).put(person.toString(), faces);
        all.put(person.toString(), faces);
      }
    }
    OperatingPoint calibrated =
        scores(halves.get(0)).operatingPoint(modelId, 0.35, "the people of even number");
    for (int size : new int[] {30, 100}) {
      compare(calibrated, modelId, halves.get(1), size, 20);
    }
    // All but one, each in turn; the pack was measured with the people who are left out, too.
    OperatingPoint ofThePack = scores(all).operatingPoint(modelId, 0.35, "all people");
    compare(ofThePack, modelId, all, 299, 300);
  }

  private static void compare(
      OperatingPoint point,
      String modelId,
      Map<String, List<OpenSet.Image>> people,
      int size,
      int rounds) {
    IdentificationPoint stated =
        IdentificationPolicy.ofFpir(0.99, List.of(point)).at(modelId, size);
    IdentificationScores scores =
        new OpenSet(people, modelId).search(size, rounds, new WorstPairs.Collector());
    ErrorRate expected = stated.fpir().orElseThrow();
    double measured = scores.fpir(stated.threshold()).value();
    System.out.printf(
        "N = %d: stated FPIR %.4f (%.4f to %.4f), measured %.4f, FNIR %.4f%n",
        size,
        expected.value(),
        expected.lower(),
        expected.upper(),
        measured,
        scores.fnir(stated.threshold(), 1).value());
    assertThat(measured).isBetween(expected.lower(), expected.upper());
  }

  private static VerificationScores scores(Map<String, List<OpenSet.Image>> people) {
    VerificationScores.Builder builder = VerificationScores.builder();
    List<String> names = List.copyOf(people.keySet());
    for (int i = 0; i < names.size(); i++) {
      for (int j = i; j < names.size(); j++) {
        List<OpenSet.Image> first = people.get(names.get(i));
        List<OpenSet.Image> second = people.get(names.get(j));
        for (int a = 0; a < first.size(); a++) {
          for (int b = i == j ? a + 1 : 0; b < second.size(); b++) {
            builder.add(
                i == j,
                first.get(a).face().orElseThrow().similarity(second.get(b).face().orElseThrow()));
          }
        }
      }
    }
    return builder.build();
  }
}
