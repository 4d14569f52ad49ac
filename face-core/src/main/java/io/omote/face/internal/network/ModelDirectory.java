// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.FaceModels;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the detector, the recognition network and analyzers among the files of a folder.
 *
 * <p>Stateless and thread-safe.
 *
 * @hidden
 */
public final class ModelDirectory {
  private static final Logger log = LoggerFactory.getLogger(ModelDirectory.class);

  private ModelDirectory() {}

  /**
   * Looks at the graphs of all {@code .onnx} files. What cannot be read as one is left out.
   *
   * @param directory the folder
   * @return the one detector with landmarks, the one recognition network, and analyzers
   */
  public static FaceModels read(Path directory) {
    Map<ModelFile, DetectorFamily> detectors = new LinkedHashMap<>();
    List<ModelFile> recognizers = new ArrayList<>();
    List<AnalyzerModel<?>> analyzers = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (Path path : files(directory)) {
      ModelFile file = ModelFile.of(path);
      try {
        OnnxGraph graph = OnnxFile.graph(file);
        Optional<DetectorFamily> family = DetectorFamily.of(graph);
        if (family.isPresent()) {
          detectors.put(file, family.get());
        } else if (graph.isRecognition()) {
          recognizers.add(file);
        } else {
          AnalyzerFamily.of(graph)
              .filter(analyzer -> analyzer.fileCount() == 1)
              .ifPresent(analyzer -> analyzers.add(analyzer.describe(List.of(file))));
        }
      } catch (ModelException e) {
        // Names of files may have several lines.
        String reason = String.join(" ", String.valueOf(e.getMessage()).lines().toList());
        log.warn("skipped: {}", reason);
        skipped.add(reason);
      }
    }
    ModelFile detector = only("a detector with landmarks", detectors.keySet(), skipped, directory);
    ModelFile recognizer = only("a recognition network", recognizers, skipped, directory);
    return FaceModels.of(
            detectors.get(detector).describe(List.of(detector)), EmbedderModel.of(recognizer))
        .withAnalyzers(analyzers);
  }

  private static List<Path> files(Path directory) {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.onnx")) {
      files.forEach(all::add);
    } catch (ClosedByInterruptException e) {
      throw new InterruptedCallException(
          String.format(
              Locale.ROOT, "expected to read the folder %s, found an interrupt", directory),
          e);
    } catch (IOException | RuntimeException e) {
      // Providers of file systems throw exceptions of all kinds, as where theirs was closed.
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected a folder of model files at %s, found none that can be read (%s): check the path",
              directory,
              e),
          e);
    }
    Collections.sort(all);
    return all;
  }

  private static ModelFile only(
      String kind, Collection<ModelFile> files, List<String> skipped, Path directory) {
    if (files.size() != 1) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected exactly one .onnx file in %s that is %s, found %s%s: name the two files with FaceModels.of",
              directory,
              kind,
              files.stream().map(ModelFile::name).toList(),
              skipped.isEmpty() ? "" : "; left out were " + String.join("; ", skipped)));
    }
    return files.iterator().next();
  }
}
