// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceModels;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options by which each example takes its models: the bundled pack, or two files. */
final class ModelOptions {
  @ArgGroup(exclusive = false)
  private @Nullable Files files;

  /** The two files, given together. */
  static final class Files {
    @Option(
        names = "--detector",
        required = true,
        paramLabel = "FILE",
        description = "SCRFD detector with landmarks, such as det_10g.onnx")
    private Path detector = Path.of("");

    @Option(
        names = "--embedder",
        required = true,
        paramLabel = "FILE",
        description = "recognition network, such as w600k_r50.onnx")
    private Path embedder = Path.of("");
  }

  /** The bundled pack unless files are given. */
  FaceModels models() {
    return files == null ? ModelZoo.lite() : FaceModels.of(files.detector, files.embedder);
  }
}
