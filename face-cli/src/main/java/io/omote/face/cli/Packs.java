// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceModels;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.internal.files.FileNames;
import io.omote.face.models.AnalyzerPack;
import io.omote.face.models.ModelNotAvailableException;
import io.omote.face.models.ModelPack;
import io.omote.face.models.ModelZoo;
import io.omote.face.models.Pack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The models that an option names: a fetched pack or, if no pack has the name, a file; {@code
 * ./NAME} is always a file. Fetches nothing. Stateless and thread-safe.
 */
final class Packs {
  private Packs() {}

  static Optional<Pack> find(String name) {
    return ModelZoo.list().stream().filter(pack -> pack.name().equals(name)).findFirst();
  }

  /** Returns the detector of a pack, or that in a file. */
  static DetectorModel detector(CommandLine command, String word) {
    return find(word).isPresent()
        ? models(command, "--detector", word).detector()
        : FaceModels.detectorOf(file(command, "--detector", word, ModelPack.class::isInstance));
  }

  /** Returns the recognizer of a pack, or that in a file. */
  static EmbedderModel embedder(CommandLine command, String word) {
    return find(word).isPresent()
        ? models(command, "--embedder", word).embedder()
        : EmbedderModel.of(file(command, "--embedder", word, ModelPack.class::isInstance));
  }

  /**
   * Returns the analyzer of a pack, or that in a file.
   *
   * @param command the command
   * @param option the option, for messages
   * @param word the name or the file
   * @param kind the class of its description
   * @param ofFile describes a file
   */
  static <M extends AnalyzerModel<?>> M analyzer(
      CommandLine command, String option, String word, Class<M> kind, Function<Path, M> ofFile) {
    return find(word).isPresent()
        ? analyzer(command, option, word, kind)
        : ofFile.apply(file(command, option, word, pack -> has(pack, kind)));
  }

  /** Returns the analyzer of a pack. */
  static <M extends AnalyzerModel<?>> M analyzer(
      CommandLine command, String option, String name, Class<M> kind) {
    Pack pack = find(name).filter(found -> has(found, kind)).orElse(null);
    if (pack == null) {
      throw notFound(command, option, name, other -> has(other, kind));
    }
    requireFetched(pack);
    if (pack instanceof AnalyzerPack<?> analyzer) {
      return kind.cast(analyzer.model());
    }
    return ((ModelPack) pack)
        .models()
        .analyzer(kind)
        .orElseThrow(
            () ->
                new ModelNotAvailableException(
                    String.format(
                        Locale.ROOT,
                        "the pack %s was fetched without its analyzers: fetch them with omote models fetch %s --all",
                        name,
                        name)));
  }

  /** Returns one of the files of an analyzer that has several. A pack has all of them. */
  static Path analyzerFile(CommandLine command, String option, String word, Class<?> kind) {
    if (find(word).filter(pack -> has(pack, kind)).isPresent()) {
      throw new ParameterException(
          command,
          String.format(
              Locale.ROOT,
              "expected a file for %s, found the pack %s: give it once, without files",
              option,
              word));
    }
    return file(command, option, word, pack -> has(pack, kind));
  }

  private static boolean has(Pack pack, Class<?> kind) {
    return pack instanceof ModelPack models
        ? models.analyzers().contains(kind)
        : pack instanceof AnalyzerPack<?> analyzer && analyzer.kind() == kind;
  }

  private static FaceModels models(CommandLine command, String option, String name) {
    if (find(name).orElseThrow() instanceof ModelPack models) {
      requireFetched(models);
      return models.models();
    }
    throw notFound(command, option, name, ModelPack.class::isInstance);
  }

  static void requireFetched(Pack pack) {
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
  }

  private static Path file(CommandLine command, String option, String word, Predicate<Pack> hasIt) {
    try {
      Path file = FileNames.path(word);
      // A missing file is reported when it is opened; other words may be misspelled names.
      if (file.getNameCount() > 1 || word.endsWith(".onnx") || Files.exists(file)) {
        return file;
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, option + ": " + e.getMessage(), e);
    }
    throw notFound(command, option, word, hasIt);
  }

  private static ParameterException notFound(
      CommandLine command, String option, String word, Predicate<Pack> hasIt) {
    List<String> names = ModelZoo.list().stream().filter(hasIt).map(Pack::name).toList();
    return new ParameterException(
        command,
        String.format(
            Locale.ROOT,
            "expected a file for %s%s, found '%s'%s",
            option,
            names.isEmpty() ? "" : ", or the name of a pack (" + String.join(", ", names) + ")",
            word,
            Spelling.suggestion(word, names)));
  }
}
