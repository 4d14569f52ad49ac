// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceModels;
import io.omote.face.Orientation;
import io.omote.face.cli.analysis.FaceAnalysis;
import io.omote.face.models.ModelZoo;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** The options for a detector and analyzers: a pack, a folder, or single files. */
final class AnalysisOptions {
  @Mixin private final DetectorChoice detector = new DetectorChoice();
  @Mixin private final AnalyzerFiles analyzers = new AnalyzerFiles();

  /**
   * Opens the detector and the analyzers of the models, and the given analyzers, which replace
   * those of their kind. Of the bundled pack, only the mesh goes with other detectors than its own.
   * Nothing is fetched.
   *
   * @param orientation the positions in which faces are found
   * @param threads the number of threads that work on one image
   */
  FaceAnalysis open(Orientation orientation, int threads) {
    Optional<FaceModels> models =
        detector.isOther()
            ? detector.named()
            : Optional.of(detector.named().orElseGet(ModelZoo::lite));
    return FaceAnalysis.open(
        detector.detector(),
        analyzers.with(models.map(FaceModels::analyzers).orElse(List.of())),
        orientation,
        threads);
  }
}
