// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.benchmark;

import io.omote.face.FaceModels;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options by which each benchmark takes its two files. */
final class ModelFiles {
  @Option(
      names = "--detector",
      required = true,
      paramLabel = "FILE",
      description = "SCRFD detector")
  private Path detector = Path.of("");

  @Option(
      names = "--embedder",
      required = true,
      paramLabel = "FILE",
      description = "recognition network")
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
