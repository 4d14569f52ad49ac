// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.examples.ModelFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The time from file to embeddings, measured as one does with another library, to stand beside it:
 * decode, detect, align and embed every face of some pictures, round by round.
 */
@Command(
    name = "peer-benchmark",
    mixinStandardHelpOptions = true,
    description = "Times all faces of some pictures, from the files to the embeddings.")
final class PeerBenchmark implements Callable<Integer> {
  @Mixin private final ModelFiles files = new ModelFiles();

  @Option(
      names = "--mode",
      defaultValue = "auto",
      description = "auto (128 and 640), or the side of one pass")
  private String mode;

  @Option(names = "--threads", defaultValue = "1", description = "threads of each session")
  private int threads;

  @Option(names = "--rounds", defaultValue = "5", description = "rounds over all pictures")
  private int rounds;

  @Option(
      names = "--compare",
      description = "time the comparison of each picture with the next instead")
  private boolean compare;

  @Parameters(arity = "1..*", paramLabel = "PICTURE", description = "pictures")
  private List<Path> pictures;

  private long detecting;
  private long embedding;
  private int faces;

  @Override
  public Integer call() {
    FaceModels models = files.models();
    if (compare) {
      timeComparisons(models);
    } else {
      timeFaces(models);
    }
    return 0;
  }

  private void timeFaces(FaceModels models) {
    FaceDetector.Builder builder = FaceDetector.builder(models.detector()).threads(threads);
    if (!mode.equals("auto")) {
      builder.inputSizes(Integer.parseInt(mode));
    }
    try (FaceDetector detector = builder.build();
        FaceEmbedder embedder = FaceEmbedder.builder(models.embedder()).threads(threads).build()) {
      round(detector, embedder);
      double best = Double.MAX_VALUE;
      for (int i = 0; i < rounds; i++) {
        detecting = 0;
        embedding = 0;
        faces = 0;
        long start = System.nanoTime();
        round(detector, embedder);
        best = Math.min(best, milliseconds(System.nanoTime() - start) / pictures.size());
      }
      System.out.printf(
          Locale.ROOT,
          "mode %s, threads %d, pictures %d, faces %d: %.1f ms a picture (best of rounds),"
              + " detect %.1f ms, embed %.1f ms a face%n",
          mode,
          threads,
          pictures.size(),
          faces,
          best,
          milliseconds(detecting) / pictures.size(),
          milliseconds(embedding) / Math.max(1, faces));
    }
  }

  private void round(FaceDetector detector, FaceEmbedder embedder) {
    for (Path picture : pictures) {
      FaceImage image = FaceImage.read(picture);
      long start = System.nanoTime();
      List<Face> found = detector.detect(image);
      long detected = System.nanoTime();
      embedder.embed(image, found);
      detecting += detected - start;
      embedding += System.nanoTime() - detected;
      faces += found.size();
    }
  }

  private void timeComparisons(FaceModels models) {
    try (FaceMatcher matcher = FaceMatcher.builder(models).threads(threads).build()) {
      double best = Double.MAX_VALUE;
      for (int i = 0; i <= rounds; i++) {
        long start = System.nanoTime();
        for (int k = 0; k + 1 < pictures.size(); k += 2) {
          matcher.compare(pictures.get(k), pictures.get(k + 1));
        }
        double round = milliseconds(System.nanoTime() - start) / (pictures.size() / 2);
        // The first round warms up.
        best = i == 0 ? best : Math.min(best, round);
      }
      System.out.printf(
          Locale.ROOT,
          "threads %d, comparisons %d: %.1f ms a comparison (best of rounds)%n",
          threads,
          pictures.size() / 2,
          best);
    }
  }

  private static double milliseconds(long nanoseconds) {
    return nanoseconds / 1e6;
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new PeerBenchmark()).execute(args));
  }
}
