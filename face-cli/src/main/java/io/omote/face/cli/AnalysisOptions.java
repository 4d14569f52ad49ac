// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceModels;
import io.omote.face.cli.analysis.FaceAnalysis;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.models.ModelZoo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** The analyzers of a pack or a folder, and single files. */
final class AnalysisOptions {
  @Mixin private final DetectorChoice detector = new DetectorChoice();
  @Mixin private final AnalyzerFiles analyzers = new AnalyzerFiles();

  /**
   * Opens those that were given, and the analyzers of the models; files alone are meant alone.
   * Nothing is fetched.
   */
  FaceAnalysis open() {
    List<AnalyzerModel<?>> files = analyzers.models();
    Optional<FaceModels> models = detector.named();
    if (models.isEmpty() && !detector.isFile() && files.isEmpty()) {
      models = Optional.of(ModelZoo.lite());
    }
    List<AnalyzerModel<?>> all =
        new ArrayList<>(models.map(FaceModels::analyzers).orElse(List.of()));
    all.addAll(files);
    return FaceAnalysis.open(detector.detector(), all);
  }
}
