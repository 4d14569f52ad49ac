// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceModels;
import io.omote.face.IdentificationPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What decides whether the most similar person of a gallery is the one. */
final class IdentificationDecision {
  @Option(
      names = "--fpir",
      paramLabel = "RATE",
      description =
          "largest rate of strangers who are taken for somebody; by default 0.01. Refused where no"
              + " measurement supports it at the gallery's size")
  private double fpir = 0.01;

  @Option(
      names = "--threshold",
      paramLabel = "COSINE",
      description = "similarity of your own, whatever the size")
  private @Nullable Double threshold;

  IdentificationPolicy policy(FaceModels models) {
    return threshold == null
        ? models.identificationPolicy(fpir)
        : IdentificationPolicy.ofThreshold(threshold);
  }
}
