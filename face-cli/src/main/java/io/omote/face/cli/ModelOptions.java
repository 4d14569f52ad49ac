// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceModels;
import io.omote.face.models.ModelPack;
import io.omote.face.models.ModelZoo;
import io.omote.face.models.Pack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for the models of a command: a pack, a folder, or a detector and a recognizer. */
public final class ModelOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup private Choice choice = new Choice();

  /** A pack or a folder, or a detector and a recognizer. */
  static final class Choice {
    @Option(
        names = "--models",
        paramLabel = "NAME|FOLDER",
        description =
            "bundled or fetched pack, such as lite-fast or buffalo_l, or folder with a detector and"
                + " a recognizer; by default lite")
    private @Nullable String models;

    @ArgGroup(exclusive = false)
    private @Nullable Pair pair;
  }

  /** A detector and a recognizer, which are given together. */
  static final class Pair {
    @Option(
        names = "--detector",
        required = true,
        paramLabel = "NAME|FILE",
        description =
            "detector of a pack, or an SCRFD, YuNet or RetinaFace file, such as det_10g.onnx")
    private String detector = "";

    @Option(
        names = "--embedder",
        required = true,
        paramLabel = "NAME|FILE",
        description = "recognizer of a pack, or a file, such as w600k_r50.onnx")
    private String embedder = "";
  }

  /** Returns the chosen models, by default those of the bundled pack. Fetches nothing. */
  public FaceModels models() {
    CommandLine command = spec.commandLine();
    if (choice.pair != null) {
      return FaceModels.of(
          Packs.detector(command, choice.pair.detector),
          Packs.embedder(command, choice.pair.embedder));
    }
    return choice.models == null ? ModelZoo.lite() : named(command, choice.models);
  }

  /** Returns a pack or, if none has the name, a folder; {@code ./NAME} is always a folder. */
  static FaceModels named(CommandLine command, String name) {
    List<Pack> packs = ModelZoo.list();
    for (Pack pack : packs) {
      if (pack.name().equals(name) && pack instanceof ModelPack models) {
        Packs.requireFetched(models);
        return models.models();
      }
      if (pack.name().equals(name)) {
        throw new ParameterException(
            command,
            String.format(
                Locale.ROOT,
                "expected a pack with a detector and a recognizer, found '%s', which has only an analyzer (%s): give it with the option of its kind, such as --liveness",
                name,
                pack.description()));
      }
    }
    if (Files.isDirectory(Path.of(name))) {
      return FaceModels.ofDirectory(Path.of(name));
    }
    List<String> names =
        packs.stream().filter(ModelPack.class::isInstance).map(Pack::name).toList();
    throw new ParameterException(
        command,
        String.format(
            Locale.ROOT,
            "expected a folder, or the name of a pack with a detector and a recognizer, one of %s, found '%s'%s",
            String.join(", ", names),
            name,
            Spelling.suggestion(name, names)));
  }
}
