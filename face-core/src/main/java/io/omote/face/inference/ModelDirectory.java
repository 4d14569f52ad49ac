// SPDX-License-Identifier: Apache-2.0
package io.omote.face.inference;

import io.omote.face.FaceModels;
import io.omote.face.ModelFile;
import io.omote.face.ModelLoadException;
import io.omote.face.WrongModelException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Finds the detector and the recognition network among the files of a folder. Stateless. */
public final class ModelDirectory {
  private ModelDirectory() {}

  /**
   * Looks at the graphs of all {@code .onnx} files.
   *
   * @param directory the folder
   * @return the one detector with landmarks and the one recognition network
   */
  public static FaceModels read(Path directory) {
    Map<ModelKind, List<Path>> found = new EnumMap<>(ModelKind.class);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.onnx")) {
      for (Path file : files) {
        // Only the graph counts here, so that no file is copied to change its weights.
        OnnxFile read = OnnxFile.read(ModelFile.of(file).withTinyWeightsKept());
        ModelKind kind = ModelKind.of(read.graph());
        found.computeIfAbsent(kind, k -> new ArrayList<>()).add(file.getFileName());
      }
    } catch (IOException e) {
      throw new ModelLoadException(
          "expected a folder of model files at " + directory + ", found none that can be read", e);
    }
    return FaceModels.of(
        directory.resolve(only(ModelKind.SCRFD_WITH_LANDMARKS, found, directory)),
        directory.resolve(only(ModelKind.ARCFACE, found, directory)));
  }

  private static Path only(ModelKind kind, Map<ModelKind, List<Path>> found, Path directory) {
    List<Path> files = found.getOrDefault(kind, List.of());
    if (files.size() != 1) {
      throw new WrongModelException(
          "expected exactly one .onnx file in "
              + directory
              + " that is "
              + kind.description()
              + ", found "
              + files
              + ": name the two files with FaceModels.of");
    }
    return files.get(0);
  }
}
