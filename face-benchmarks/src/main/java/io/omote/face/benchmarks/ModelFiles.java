// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.FaceModels;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options for two model files, which are given together. */
final class ModelFiles {
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
      description = "recognizer, such as w600k_r50.onnx")
  private Path embedder = Path.of("");

  Path detector() {
    return detector;
  }

  Path embedder() {
    return embedder;
  }

  FaceModels models() {
    return FaceModels.of(detector, embedder);
  }
}
