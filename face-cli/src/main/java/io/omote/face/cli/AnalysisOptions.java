// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceModels;
import io.omote.face.Orientation;
import io.omote.face.cli.analysis.FaceAnalysis;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.models.ModelZoo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** The options for a detector and analyzers: a pack, a folder, or single files. */
final class AnalysisOptions {
  @Mixin private final DetectorChoice detector = new DetectorChoice();
  @Mixin private final AnalyzerFiles analyzers = new AnalyzerFiles();

  /**
   * Opens the given files and the analyzers of the models. If only files are given, the bundled
   * pack adds none. Nothing is fetched.
   *
   * @param orientation the positions in which faces are found
   * @param threads the number of threads that work on one image
   */
  FaceAnalysis open(Orientation orientation, int threads) {
    List<AnalyzerModel<?>> files = analyzers.models();
    Optional<FaceModels> models = detector.named();
    if (models.isEmpty() && !detector.isFile() && files.isEmpty()) {
      models = Optional.of(ModelZoo.lite());
    }
    List<AnalyzerModel<?>> all =
        new ArrayList<>(models.map(FaceModels::analyzers).orElse(List.of()));
    all.addAll(files);
    return FaceAnalysis.open(detector.detector(), all, orientation, threads);
  }
}
