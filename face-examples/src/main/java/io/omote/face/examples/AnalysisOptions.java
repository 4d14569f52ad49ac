// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceModels;
import io.omote.face.examples.analysis.FaceAnalysis;
import io.omote.face.model.AgeAndSexModel;
import io.omote.face.model.AnalyzerModel;
import io.omote.face.model.DetectorModel;
import io.omote.face.model.Landmarks106Model;
import io.omote.face.model.Landmarks68Model;
import io.omote.face.model.LivenessModel;
import io.omote.face.model.QualityModel;
import io.omote.face.model.ScrfdModel;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A pack or a folder with the analyzers that are in it, and single files beside or instead. */
final class AnalysisOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--models",
      paramLabel = "NAME|DIR",
      description =
          "pack that was fetched, such as buffalo_l, or folder, with the analyzers that are in it; by"
              + " default the bundled pack lite, or the given files and no others")
  private @Nullable String models;

  @Option(
      names = "--detector",
      paramLabel = "FILE",
      description = "SCRFD detector with landmarks, such as det_10g.onnx")
  private @Nullable Path detector;

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
      names = "--liveness",
      paramLabel = "FILE",
      description = "given twice: MiniFASNetV2.onnx, then MiniFASNetV1SE.onnx")
  private List<Path> liveness = List.of();

  @Option(
      names = "--quality",
      paramLabel = "FILE",
      description = "quality network: LightQNet or eDifFIQA")
  private @Nullable Path quality;

  /** Opens all of them. Nothing is fetched. */
  FaceAnalysis open() {
    List<AnalyzerModel<?>> files = files();
    FaceModels base =
        models == null ? ModelZoo.lite() : ModelOptions.named(spec.commandLine(), models);
    boolean filesAlone = models == null && (detector != null || !files.isEmpty());
    List<AnalyzerModel<?>> analyzers = new ArrayList<>(filesAlone ? List.of() : base.analyzers());
    analyzers.addAll(files);
    DetectorModel found = detector == null ? base.detector() : ScrfdModel.of(detector);
    return FaceAnalysis.open(found, analyzers);
  }

  private List<AnalyzerModel<?>> files() {
    List<AnalyzerModel<?>> files = new ArrayList<>();
    add(files, landmarks106, Landmarks106Model::of);
    add(files, landmarks68, Landmarks68Model::of);
    add(files, genderAge, AgeAndSexModel::of);
    add(files, quality, QualityModel::of);
    if (liveness.size() == 2) {
      files.add(LivenessModel.of(liveness.get(0), liveness.get(1)));
    } else if (!liveness.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "expected --liveness twice, for MiniFASNetV2 and for MiniFASNetV1SE, found it %d times: both look at a face together"
              .formatted(liveness.size()));
    }
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
