// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for the mesh: the bundled one by default, files, or none. */
final class MeshFiles {
  private static final String OPTION = "--mesh";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup private @Nullable Choice choice;

  /** Another mesh than the bundled one, or none. */
  static final class Choice {
    @Option(
        names = OPTION,
        paramLabel = "NAME|FILE",
        description =
            "face mesh instead of the bundled one: that of a pack, or face_mesh_478.onnx; or give"
                + " this option twice, with face_blendshapes_52.onnx after it")
    private List<String> words = List.of();

    @Option(
        names = "--no-mesh",
        description = "leave out the face mesh: faster, and much less JSON")
    private boolean leftOut;
  }

  /**
   * Adds the mesh to the analyzers of models: the given one, or the bundled one if they have none.
   *
   * @param analyzers the analyzers, which this changes
   */
  void applyTo(List<AnalyzerModel<?>> analyzers) {
    if (choice == null) {
      if (analyzers.stream().noneMatch(FaceMeshModel.class::isInstance)) {
        analyzers.add(bundled());
      }
      return;
    }
    analyzers.removeIf(FaceMeshModel.class::isInstance);
    if (!choice.leftOut) {
      analyzers.add(given(choice.words));
    }
  }

  /** Returns the mesh of the bundled pack, which works with the boxes of any detector. */
  static FaceMeshModel bundled() {
    return ModelZoo.lite().analyzer(FaceMeshModel.class).orElseThrow();
  }

  private FaceMeshModel given(List<String> words) {
    if (words.size() > 2) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT, "expected --mesh once or twice, found %s", String.join(", ", words)));
    }
    return words.size() == 1
        ? Packs.analyzer(
            spec.commandLine(), OPTION, words.get(0), FaceMeshModel.class, FaceMeshModel::of)
        : FaceMeshModel.of(file(words.get(0)), file(words.get(1)));
  }

  private Path file(String word) {
    return Packs.analyzerFile(spec.commandLine(), OPTION, word, FaceMeshModel.class);
  }
}
