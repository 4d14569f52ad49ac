// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.FaceModels;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.ScrfdModel;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the detector, the recognizer and analyzers among the files of a folder.
 *
 * <p>Stateless and thread-safe.
 */
public final class ModelDirectory {
  private static final Logger log = LoggerFactory.getLogger(ModelDirectory.class);

  private ModelDirectory() {}

  /**
   * Reads the graphs of all {@code .onnx} files. Files that cannot be read as ONNX are skipped.
   *
   * @param directory the folder
   * @return the one detector with landmarks, the one recognizer, and analyzers of one network, a
   *     face mesh with the coefficients that lie beside it
   * @throws ModelException if the folder cannot be read, or does not contain one of each
   */
  public static FaceModels read(Path directory) {
    List<DetectorModel> detectors = new ArrayList<>();
    List<EmbedderModel> recognizers = new ArrayList<>();
    List<AnalyzerModel<?>> analyzers = new ArrayList<>();
    List<ModelFile> coefficients = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (Path path : files(directory)) {
      ModelFile file = ModelFile.of(path);
      try {
        OnnxGraph graph = OnnxFile.graph(file);
        Object model = describe(file, graph).orElse(null);
        if (Networks.completesMesh(graph)) {
          coefficients.add(file);
        } else if (model instanceof DetectorModel detector) {
          detectors.add(detector);
        } else if (model instanceof EmbedderModel recognizer) {
          recognizers.add(recognizer);
        } else if (model instanceof AnalyzerModel<?> analyzer) {
          analyzers.add(analyzer);
        }
      } catch (ModelException e) {
        String reason = oneLine(String.valueOf(e.getMessage()));
        log.warn("skipped: {}", reason);
        skipped.add(reason);
      }
    }
    DetectorModel detector =
        only(
            "a detector with landmarks",
            detectors,
            model -> model.files().get(0),
            skipped,
            directory);
    EmbedderModel recognizer =
        only("a recognizer", recognizers, EmbedderModel::file, skipped, directory);
    if (coefficients.size() == 1) {
      analyzers.replaceAll(
          model ->
              model instanceof FaceMeshModel mesh
                  ? FaceMeshModel.of(mesh.mesh(), coefficients.get(0))
                  : model);
    } else if (!coefficients.isEmpty()) {
      log.warn(
          "several files are the coefficients of a face mesh, none is used: {}",
          oneLine(String.join(", ", coefficients.stream().map(ModelFile::name).toList())));
    }
    return FaceModels.of(detector, recognizer).withAnalyzers(analyzers);
  }

  /**
   * Describes a detector of one network.
   *
   * @param path the file
   * @return its description, that of an SCRFD detector if the graph is of no such network
   */
  public static DetectorModel detector(Path path) {
    ModelFile file = ModelFile.of(path);
    Optional<Object> model;
    try {
      model = describe(file, OnnxFile.graph(file));
    } catch (ModelException e) {
      log.debug("{} is reported when it is opened: {}", path, e.getMessage());
      return new ScrfdModel(file);
    }
    return model.orElse(null) instanceof DetectorModel detector ? detector : new ScrfdModel(file);
  }

  /** Names of files may have several lines. */
  private static String oneLine(String text) {
    return String.join(" ", text.lines().toList());
  }

  /** Describes a file by its graph; empty if it is no network, or one that needs others. */
  private static Optional<Object> describe(ModelFile file, OnnxGraph graph) {
    return Networks.of(graph)
        .filter(network -> network.takes(1))
        .map(network -> network.describe(List.of(file)));
  }

  private static List<Path> files(Path directory) {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.onnx")) {
      files.forEach(all::add);
    } catch (ClosedByInterruptException e) {
      throw new InterruptedCallException(
          String.format(
              Locale.ROOT, "the thread was interrupted while it read the folder %s", directory),
          e);
    } catch (IOException | RuntimeException e) {
      // File system providers throw exceptions of all kinds, for example if theirs is closed.
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected a folder of model files at %s, found one that cannot be read (%s): check the path",
              directory,
              e),
          e);
    }
    Collections.sort(all);
    return all;
  }

  private static <M> M only(
      String kind,
      List<M> models,
      Function<M, ModelFile> file,
      List<String> skipped,
      Path directory) {
    if (models.size() != 1) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected exactly one .onnx file in %s that is %s, found %s%s: name the two files with FaceModels.of",
              directory,
              kind,
              models.isEmpty()
                  ? "none"
                  : String.join(
                      ", ", models.stream().map(model -> file.apply(model).name()).toList()),
              skipped.isEmpty() ? "" : "; skipped: " + String.join("; ", skipped)));
    }
    return models.get(0);
  }
}
