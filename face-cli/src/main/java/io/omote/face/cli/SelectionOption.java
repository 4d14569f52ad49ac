// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option for the face of an image that counts. */
final class SelectionOption {
  private static final Map<String, FaceSelection> SELECTIONS =
      Map.of(
          "central", FaceSelection.CENTRAL,
          "largest", FaceSelection.LARGEST,
          "only", FaceSelection.ONLY);

  @Option(
      names = "--selection",
      paramLabel = "central|largest|only",
      completionCandidates = Names.class,
      converter = Name.class,
      description =
          "face of an image with several faces that counts: the central or the largest one, or none"
              + " of several (only)")
  private @Nullable FaceSelection selection;

  /** Returns the selection, or a default. */
  FaceSelection or(FaceSelection byDefault) {
    return selection == null ? byDefault : selection;
  }

  /** Returns the selection, empty without one. */
  Optional<FaceSelection> get() {
    return Optional.ofNullable(selection);
  }

  /** The names of selections, which complete the option. */
  static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    private static final List<String> ALL = SELECTIONS.keySet().stream().sorted().toList();

    Names() {
      super(ALL);
    }
  }

  /** Converts the name of a selection. */
  static final class Name implements ITypeConverter<FaceSelection> {
    @Override
    public FaceSelection convert(String name) {
      FaceSelection selection = SELECTIONS.get(name.toLowerCase(Locale.ROOT));
      if (selection == null) {
        throw new TypeConversionException(
            String.format(
                Locale.ROOT,
                "expected central, largest or only, found '%s'%s",
                name,
                Spelling.suggestion(name, Names.ALL)));
      }
      return selection;
    }
  }
}
