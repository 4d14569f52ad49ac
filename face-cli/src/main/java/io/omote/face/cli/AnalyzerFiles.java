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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options for analyzers: a pack or a file each. */
final class AnalyzerFiles {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private final LivenessFiles liveness = new LivenessFiles();
  @Mixin private final MeshFiles mesh = new MeshFiles();

  @Option(
      names = "--landmarks106",
      paramLabel = "NAME|FILE",
      description = "106 points: fetched pack, or 2d106det.onnx")
  private @Nullable String landmarks106;

  @Option(
      names = "--landmarks68",
      paramLabel = "NAME|FILE",
      description = "68 points with depth: fetched pack, or 1k3d68.onnx")
  private @Nullable String landmarks68;

  @Option(
      names = "--gender-age",
      paramLabel = "NAME|FILE",
      description = "age and sex: fetched pack, or genderage.onnx")
  private @Nullable String genderAge;

  @Option(
      names = "--quality",
      paramLabel = "NAME|FILE",
      description = "quality network: fetched pack ediffiqa, or file of LightQNet or eDifFIQA")
  private @Nullable String quality;

  /**
   * Returns the analyzers of models with those that were given, and the mesh. A later one replaces
   * an earlier one of its kind.
   *
   * @param ofModels the analyzers of the models in use
   */
  List<AnalyzerModel<?>> with(List<AnalyzerModel<?>> ofModels) {
    List<AnalyzerModel<?>> models = new ArrayList<>(ofModels);
    mesh.applyTo(models);
    add(models, "--landmarks106", landmarks106, Landmarks106Model.class, Landmarks106Model::of);
    add(models, "--landmarks68", landmarks68, Landmarks68Model.class, Landmarks68Model::of);
    add(models, "--gender-age", genderAge, AgeAndSexModel.class, AgeAndSexModel::of);
    add(models, "--quality", quality, QualityModel.class, QualityModel::of);
    liveness.model().ifPresent(models::add);
    return models;
  }

  private <M extends AnalyzerModel<?>> void add(
      List<AnalyzerModel<?>> models,
      String option,
      @Nullable String word,
      Class<M> kind,
      Function<Path, M> ofFile) {
    if (word != null) {
      models.add(Packs.analyzer(spec.commandLine(), option, word, kind, ofFile));
    }
  }
}
