// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.description.LivenessModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option for the two networks of liveness. */
final class LivenessFiles {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--liveness",
      paramLabel = "FILE",
      description = "liveness; give this option twice: MiniFASNetV2.onnx, then MiniFASNetV1SE.onnx")
  private List<Path> files = List.of();

  /** Returns the model whose files were given, if any. */
  Optional<LivenessModel> model() {
    if (files.isEmpty()) {
      return Optional.empty();
    }
    if (files.size() != 2) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT,
              "expected --liveness twice, for MiniFASNetV2 and then MiniFASNetV1SE, found %d: the score needs both",
              files.size()));
    }
    return Optional.of(LivenessModel.of(files.get(0), files.get(1)));
  }
}
