// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceSelection;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the face of an image that counts. */
final class SelectionOption {
  @Option(
      names = "--selection",
      paramLabel = "central|largest|only",
      description =
          "face that counts if an image has several: the central or the largest one; only: an image"
              + " must have exactly one")
  private @Nullable Choice choice;

  /** The selections that make sense for images of people; scores of faces say little about them. */
  enum Choice {
    CENTRAL(FaceSelection.CENTRAL),
    LARGEST(FaceSelection.LARGEST),
    ONLY(FaceSelection.ONLY);

    private final FaceSelection selection;

    Choice(FaceSelection selection) {
      this.selection = selection;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns the selection, or a default. */
  FaceSelection or(FaceSelection byDefault) {
    return get().orElse(byDefault);
  }

  /** Returns the selection, empty without one. */
  Optional<FaceSelection> get() {
    return Optional.ofNullable(choice).map(chosen -> chosen.selection);
  }
}
