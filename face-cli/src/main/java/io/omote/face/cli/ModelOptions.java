// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceModels;
import io.omote.face.models.ModelNotAvailableException;
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

/** The options for the models of a command: a pack, a folder, or two files. */
public final class ModelOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @ArgGroup private Choice choice = new Choice();

  /** A pack or a folder, or two files. */
  static final class Choice {
    @Option(
        names = "--models",
        paramLabel = "NAME|FOLDER",
        description =
            "fetched pack, such as buffalo_l, or folder with a detector and a recognizer; by default"
                + " the bundled pack lite")
    private @Nullable String models;

    @ArgGroup(exclusive = false)
    private @Nullable ModelFiles files;
  }

  /** Returns the chosen models, by default those of the bundled pack. Fetches nothing. */
  public FaceModels models() {
    if (choice.files != null) {
      return choice.files.models();
    }
    return choice.models == null ? ModelZoo.lite() : named(spec.commandLine(), choice.models);
  }

  /** Returns a pack or, if none has the name, a folder; {@code ./NAME} is always a folder. */
  static FaceModels named(CommandLine command, String name) {
    List<Pack> packs = ModelZoo.list();
    for (Pack pack : packs) {
      if (pack.name().equals(name) && pack instanceof ModelPack models) {
        return fetched(models);
      }
      if (pack.name().equals(name)) {
        throw new ParameterException(
            command,
            String.format(
                Locale.ROOT,
                "expected a pack with a detector and a recognizer, found '%s', which has only an analyzer (%s): use the options for single files",
                name,
                pack.description()));
      }
    }
    if (Files.isDirectory(Path.of(name))) {
      return FaceModels.ofDirectory(Path.of(name));
    }
    throw new ParameterException(
        command,
        String.format(
            Locale.ROOT,
            "expected a folder, or the name of a pack with a detector and a recognizer, one of %s, found '%s'",
            packs.stream().filter(ModelPack.class::isInstance).map(Pack::name).toList(),
            name));
  }

  private static FaceModels fetched(ModelPack pack) {
    if (!pack.isAvailable()) {
      throw new ModelNotAvailableException(
          String.format(
              Locale.ROOT,
              "the pack %s is missing or damaged in %s: %s",
              pack.name(),
              pack.directory(),
              Models.howToFetch(pack)));
    }
    if (!pack.isLicenseAccepted()) {
      throw Models.notAccepted(pack);
    }
    return pack.models();
  }
}
