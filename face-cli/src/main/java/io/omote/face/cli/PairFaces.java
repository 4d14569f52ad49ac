// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceModels;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option for faces in a report. */
final class PairFaces {
  @Option(
      names = "--crops",
      description =
          "show the faces of the worst pairs in report.html; by default it only names their images,"
              + " because faces are personal data")
  private boolean isAsked;

  /** Refuses the option without a report. */
  void check(ReportFolder output) {
    if (isAsked) {
      output.require("--crops");
    }
  }

  /** Opens what cuts the faces, if they were asked for. */
  Optional<FaceCrops> open(FaceModels models) {
    return isAsked ? Optional.of(FaceCrops.open(models)) : Optional.empty();
  }
}
