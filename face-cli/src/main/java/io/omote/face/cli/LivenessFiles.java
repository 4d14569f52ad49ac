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
  private static final String OPTION = "--liveness";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = OPTION,
      paramLabel = "NAME|FILE",
      description =
          "liveness: fetched pack minifasnet; or give this option twice, with MiniFASNetV2.onnx and"
              + " MiniFASNetV1SE.onnx")
  private List<String> words = List.of();

  /** Returns the model that was given, if any. */
  Optional<LivenessModel> model() {
    if (words.isEmpty()) {
      return Optional.empty();
    }
    boolean isPack = words.size() == 1 && Packs.find(words.get(0)).isPresent();
    if (!isPack && words.size() != 2) {
      throw new ParameterException(
          spec.commandLine(),
          String.format(
              Locale.ROOT,
              "expected --liveness twice, with a file each, or once with a pack such as minifasnet, found %s",
              String.join(", ", words)));
    }
    return Optional.of(
        isPack
            ? Packs.analyzer(spec.commandLine(), OPTION, words.get(0), LivenessModel.class)
            : LivenessModel.of(file(words.get(0)), file(words.get(1))));
  }

  private Path file(String word) {
    return Packs.analyzerFile(spec.commandLine(), OPTION, word, LivenessModel.class);
  }
}
