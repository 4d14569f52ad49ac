// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.internal.files.ImageFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Embeds all faces of several images and compares each with each. */
@Command(
    name = "similarities",
    mixinStandardHelpOptions = true,
    description = "Prints the similarity of each two faces of some images.")
final class Similarities implements Callable<Integer> {
  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "images to take faces from")
  private List<Path> files;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<FaceEmbedding> all = new ArrayList<>();
    FaceModels chosen = models.models();
    try (FaceDetector detector = FaceDetector.create(chosen);
        FaceEmbedder embedder = FaceEmbedder.create(chosen)) {
      for (Path file : files) {
        FaceImage image = ImageFiles.read(file);
        List<Face> faces = detector.detect(image);
        for (FaceEmbedding embedding : embedder.embed(image, faces)) {
          all.add(embedding);
          out.printf(Locale.ROOT, "face %d: %s%n", all.size(), file.getFileName());
        }
      }
    }
    for (FaceEmbedding row : all) {
      for (FaceEmbedding column : all) {
        out.printf(Locale.ROOT, "%8.4f", row.similarity(column));
      }
      out.println();
    }
    out.flush();
    return 0;
  }

  public static void main(String[] args) {
    Commands.main(new Similarities(), args);
  }
}
