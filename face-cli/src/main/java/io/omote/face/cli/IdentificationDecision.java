// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceModels;
import io.omote.face.IdentificationPolicy;
import io.omote.face.cli.messages.OptionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that decide whether the best candidate of a search is a match. */
final class IdentificationDecision {
  @Option(
      names = "--fpir",
      paramLabel = "RATE",
      description =
          "maximum false positive identification rate; by default 0.01. Refused if no measurement"
              + " supports it at the size of the gallery")
  private double fpir = 0.01;

  @Option(
      names = "--threshold",
      paramLabel = "COSINE",
      description = "minimum similarity of a candidate, for any size of the gallery")
  private @Nullable Double threshold;

  IdentificationPolicy policy(FaceModels models) {
    return threshold == null
        ? OptionException.check("--fpir", () -> models.identificationPolicy(fpir))
        : OptionException.check("--threshold", () -> IdentificationPolicy.ofThreshold(threshold));
  }
}
