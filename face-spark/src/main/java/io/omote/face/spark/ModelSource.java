// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import io.omote.face.FaceModels;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.QualityModel;
import io.omote.face.internal.files.FileFailure;
import io.omote.face.models.AnalyzerPack;
import io.omote.face.models.ModelPack;
import io.omote.face.models.ModelZoo;
import io.omote.face.models.Pack;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;

/**
 * Finds models on this machine by name: a pack, a folder, or an archive that was sent with {@code
 * spark-submit --archives FILE#NAME}. A pack takes precedence; {@code ./NAME} is always a folder.
 * Fetches nothing.
 *
 * <p>Stateless and thread-safe.
 */
final class ModelSource {
  private static final int ID_BYTES = 6;

  private ModelSource() {}

  /**
   * Returns the models of a name.
   *
   * @throws FaceException if there are none on this machine, or they cannot be used
   */
  static FaceModels models(String name) {
    Optional<Path> archive = archive(name);
    Optional<Pack> pack = pack(name);
    if (pack.isPresent() && (pack.get().isAvailable() || archive.isEmpty())) {
      return modelPack(pack.get()).models();
    }
    return folder(name)
        .or(() -> archive)
        .map(FaceModels::ofDirectory)
        .orElseThrow(
            () ->
                new FaceException(
                    String.format(
                        Locale.ROOT,
                        "expected the name of a pack or a folder that exists on every machine, found '%s' on this one: copy the folder to it, fetch the pack there, or send an archive with spark-submit --archives FILE#%s",
                        name,
                        name)));
  }

  /**
   * Returns what identifies the detector of models: rows of two detectors differ, also if the
   * recognizer is the same.
   *
   * @return the first digits of the SHA-256 of its files
   */
  static String detectorId(String name) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every JDK has it
    }
    for (ModelFile file : models(name).detector().files()) {
      try (InputStream in = file.open()) {
        digest.update(in.readAllBytes());
      } catch (IOException e) {
        throw new FaceException(
            String.format(
                Locale.ROOT,
                "the detector %s could not be read: %s",
                file.name(),
                FileFailure.reason(e)),
            e);
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
  }

  private static Optional<Pack> pack(String name) {
    return ModelZoo.list().stream().filter(pack -> pack.name().equals(name)).findFirst();
  }

  private static ModelPack modelPack(Pack pack) {
    if (pack instanceof ModelPack models) {
      return models;
    }
    throw new FaceException(
        String.format(
            Locale.ROOT,
            "expected a pack with a detector and a recognizer, found '%s', which has only an analyzer: add the analyzer to another pack",
            pack.name()));
  }

  private static Optional<Path> folder(String name) {
    try {
      return Optional.of(Path.of(name)).filter(Files::isDirectory).map(ModelSource::inner);
    } catch (InvalidPathException e) {
      return Optional.empty(); // not a name on this machine
    }
  }

  private static Optional<Path> archive(String name) {
    if (SparkEnv.get() == null) {
      return Optional.empty();
    }
    return folder(SparkFiles.getRootDirectory() + "/" + name);
  }

  /**
   * Returns the folder with the files, which often is the only folder of an archive. Executors have
   * archives in their working folder, where they look like any folder.
   */
  private static Path inner(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> entries = files.limit(2).toList();
      return entries.size() == 1 && Files.isDirectory(entries.get(0)) ? entries.get(0) : folder;
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /**
   * Refuses analyzers that the models cannot have. Models that are not on this machine may be on
   * those that use them, which report the rest.
   *
   * @throws FaceException if an analyzer has no network
   */
  static void check(FaceSettings settings) {
    Optional<Pack> pack = pack(settings.models());
    pack.ifPresent(ModelSource::modelPack);
    List<AnalyzerColumn> wanting =
        settings.analyzers().stream()
            .filter(analyzer -> !analyzer.kinds().isEmpty() && analyzer.pack().isEmpty())
            .toList();
    if (wanting.isEmpty()) {
      return;
    }
    Optional<Set<Class<?>>> known =
        pack.map(found -> Set.<Class<?>>copyOf(modelPack(found).analyzers()))
            .or(() -> folder(settings.models()).map(ModelSource::kinds));
    for (AnalyzerColumn analyzer : wanting) {
      if (known.isPresent() && analyzer.kinds().stream().noneMatch(known.get()::contains)) {
        throw without(analyzer, settings.models());
      }
    }
  }

  private static Set<Class<?>> kinds(Path folder) {
    return FaceModels.ofDirectory(folder).analyzers().stream()
        .map(Object::getClass)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static FaceException without(AnalyzerColumn analyzer, String models) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "expected models with the analyzer %s, found '%s' without its network: leave the analyzer out, fetch the pack with all its files, or choose other models",
            analyzer.column(),
            models));
  }

  /**
   * Returns the network of an analyzer: that of the models or, if they have none, that of its own
   * pack or of an archive with the pack's name.
   */
  static AnalyzerModel<?> analyzer(AnalyzerColumn analyzer, FaceModels models, String name) {
    for (Class<? extends AnalyzerModel<?>> kind : analyzer.kinds()) {
      Optional<? extends AnalyzerModel<?>> found = models.analyzer(kind);
      if (found.isPresent()) {
        return found.get();
      }
    }
    String packName = analyzer.pack().orElseThrow(() -> without(analyzer, name));
    AnalyzerPack<?> pack = ModelZoo.getAnalyzer(packName, analyzer.kinds().get(0));
    if (pack.isAvailable()) {
      return pack.model();
    }
    Optional<Path> folder = archive(packName);
    return folder.isPresent() ? ofFiles(analyzer, folder.get()) : pack.model();
  }

  private static AnalyzerModel<?> ofFiles(AnalyzerColumn analyzer, Path folder) {
    int expected = analyzer == AnalyzerColumn.LIVENESS ? 2 : 1;
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files = all.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
      if (files.size() != expected) {
        throw new FaceException(
            String.format(
                Locale.ROOT,
                "expected an archive with %d .onnx files for the analyzer %s, found %d in %s: send the files of the pack",
                expected,
                analyzer.column(),
                files.size(),
                folder));
      }
      return analyzer == AnalyzerColumn.LIVENESS
          ? LivenessModel.of(files.get(0), files.get(1))
          : QualityModel.of(files.get(0));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static FaceException unreadable(Path folder, IOException failure) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "expected a folder of models that can be read, found %s (%s): check its permissions",
            folder,
            FileFailure.reason(failure)),
        failure);
  }
}
