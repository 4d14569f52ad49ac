// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.description.AgeAndSexModel;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.Landmarks106Model;
import io.omote.face.description.Landmarks68Model;
import io.omote.face.description.QualityModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for analyzers, one model file each. */
final class AnalyzerFiles {
  @Mixin private final LivenessFiles liveness = new LivenessFiles();

  @Option(names = "--landmarks106", paramLabel = "FILE", description = "106 points: 2d106det.onnx")
  private @Nullable Path landmarks106;

  @Option(
      names = "--landmarks68",
      paramLabel = "FILE",
      description = "68 points with depth: 1k3d68.onnx")
  private @Nullable Path landmarks68;

  @Option(names = "--gender-age", paramLabel = "FILE", description = "age and sex: genderage.onnx")
  private @Nullable Path genderAge;

  @Option(
      names = "--quality",
      paramLabel = "FILE",
      description = "quality network: LightQNet or eDifFIQA")
  private @Nullable Path quality;

  /** Returns the analyzers whose files were given. */
  List<AnalyzerModel<?>> models() {
    List<AnalyzerModel<?>> files = new ArrayList<>();
    add(files, landmarks106, Landmarks106Model::of);
    add(files, landmarks68, Landmarks68Model::of);
    add(files, genderAge, AgeAndSexModel::of);
    add(files, quality, QualityModel::of);
    liveness.model().ifPresent(files::add);
    return files;
  }

  private static void add(
      List<AnalyzerModel<?>> files,
      @Nullable Path file,
      Function<Path, ? extends AnalyzerModel<?>> description) {
    if (file != null) {
      files.add(description.apply(file));
    }
  }
}
