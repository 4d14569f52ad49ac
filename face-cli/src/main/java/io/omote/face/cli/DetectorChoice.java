// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceModels;
import io.omote.face.description.DetectorModel;
import io.omote.face.models.ModelZoo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options for the detector of commands that compare no faces: a pack, a folder, or a file. */
final class DetectorChoice {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--models",
      paramLabel = "NAME|FOLDER",
      description =
          "bundled or fetched pack, such as lite-fast or buffalo_l, or folder; by default lite")
  private @Nullable String models;

  @Option(
      names = "--detector",
      paramLabel = "NAME|FILE",
      description =
          "detector instead of the pack's: that of a pack, or an SCRFD, YuNet or RetinaFace file")
  private @Nullable String detector;

  /** Returns the named pack or folder, if any. */
  Optional<FaceModels> named() {
    return Optional.ofNullable(models).map(name -> ModelOptions.named(spec.commandLine(), name));
  }

  /** Returns whether another detector than that of the pack was chosen. */
  boolean isOther() {
    return detector != null;
  }

  DetectorModel detector() {
    return detector == null
        ? named().orElseGet(ModelZoo::lite).detector()
        : Packs.detector(spec.commandLine(), detector);
  }
}
