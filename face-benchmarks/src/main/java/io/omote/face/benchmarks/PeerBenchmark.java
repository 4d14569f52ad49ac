// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.description.YuNetModel;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures the time from file to embeddings in the same way as for another library, for comparison:
 * decode, detect, align and embed every face of some images, round by round.
 */
@Command(
    name = "peer-benchmark",
    mixinStandardHelpOptions = true,
    description = "Measures the time from the files to the embeddings of all faces.")
final class PeerBenchmark implements Callable<Integer> {
  @Mixin private final ModelFiles files = new ModelFiles();

  @Option(
      names = "--mode",
      defaultValue = "auto",
      description = "auto (128 and 640), or the side of one pass")
  private String mode;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "threads of each session; 0 for the library's default")
  private int threads;

  @Option(names = "--rounds", defaultValue = "5", description = "rounds over all images")
  private int rounds;

  @Option(names = "--compare", description = "instead, compare each image with the next")
  private boolean compare;

  @Option(names = "--coarse", description = "compare coarse to fine")
  private boolean coarse;

  @Option(
      names = "--callers",
      defaultValue = "1",
      description = "threads that share one matcher; only with --compare")
  private int callers;

  @Option(
      names = "--yunet",
      paramLabel = "FILE",
      description = "instead, run only this detector, at 320, on decoded images of that size")
  private @Nullable Path yunet;

  @Option(names = "--one-face", description = "instead, embed one detected face of the first image")
  private boolean oneFace;

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "images")
  private List<Path> images;

  private long detecting;
  private long embedding;
  private int faces;

  @Override
  public Integer call() throws InterruptedException {
    FaceModels models = files.models();
    if (yunet != null) {
      timeYuNet(yunet);
    } else if (oneFace) {
      timeOneFace(models);
    } else if (compare) {
      timeComparisons(models);
    } else {
      timeFaces(models);
    }
    return 0;
  }

  private void timeFaces(FaceModels models) {
    FaceDetector.Builder builder =
        FaceDetector.builder(models.detector()).threads(sessionThreads());
    if (!mode.equals("auto")) {
      builder.inputSizes(Integer.parseInt(mode));
    }
    try (FaceDetector detector = builder.build();
        FaceEmbedder embedder =
            FaceEmbedder.builder(models.embedder()).threads(sessionThreads()).build()) {
      round(detector, embedder);
      double best = Double.MAX_VALUE;
      for (int i = 0; i < rounds; i++) {
        detecting = 0;
        embedding = 0;
        faces = 0;
        long start = System.nanoTime();
        round(detector, embedder);
        best = Math.min(best, milliseconds(System.nanoTime() - start) / images.size());
      }
      System.out.printf(
          Locale.ROOT,
          "mode %s, threads %d, images %d, faces %d: %.1f ms per image (best of rounds),"
              + " detect %.1f ms, embed %.1f ms per face%n",
          mode,
          threads,
          images.size(),
          faces,
          best,
          milliseconds(detecting) / images.size(),
          milliseconds(embedding) / Math.max(1, faces));
    }
  }

  private void round(FaceDetector detector, FaceEmbedder embedder) {
    for (Path file : images) {
      FaceImage image = FaceImage.read(file);
      long start = System.nanoTime();
      List<Face> found = detector.detect(image);
      long detected = System.nanoTime();
      embedder.embed(image, found);
      detecting += detected - start;
      embedding += System.nanoTime() - detected;
      faces += found.size();
    }
  }

  private int sessionThreads() {
    return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  private void timeComparisons(FaceModels models) throws InterruptedException {
    FaceMatcher.Builder builder =
        FaceMatcher.builder(models).detection(options -> options.coarseToFine(coarse));
    if (threads > 0) {
      builder.threads(threads);
    }
    try (FaceMatcher matcher = builder.build()) {
      double best = Double.MAX_VALUE;
      for (int i = 0; i <= rounds; i++) {
        long start = System.nanoTime();
        List<Thread> all = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
          Thread thread = new Thread(() -> compareAll(matcher));
          thread.start();
          all.add(thread);
        }
        for (Thread thread : all) {
          thread.join();
        }
        double round = milliseconds(System.nanoTime() - start) / (images.size() / 2 * callers);
        // The first round warms up.
        best = i == 0 ? best : Math.min(best, round);
      }
      System.out.printf(
          Locale.ROOT,
          "threads %d, callers %d, comparisons %d: %.1f ms per comparison (best of rounds), %.0f MB%n",
          threads,
          callers,
          images.size() / 2,
          best,
          ResidentMemory.now().orElse(Double.NaN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compareAll(FaceMatcher matcher) {
    for (int k = 0; k + 1 < images.size(); k += 2) {
      matcher.compare(images.get(k), images.get(k + 1));
    }
  }

  private void timeYuNet(Path file) {
    int side = 320;
    try (FaceDetector detector =
        FaceDetector.builder(YuNetModel.of(file)).inputSizes(side).threads(threads).build()) {
      // Scaled to the network's input, as for its peer.
      FaceImage image = Sampler.image(whole(FaceImage.read(images.get(0)), side), side, side);
      double median = median(() -> detector.detect(image));
      System.out.printf(
          Locale.ROOT,
          "YuNet at %d, threads %d: %.2f ms (median), %d faces%n",
          side,
          threads,
          median,
          detector.detect(image).size());
    }
  }

  /** Also prints the landmarks, so that another library can embed the same face. */
  private void timeOneFace(FaceModels models) {
    FaceImage image = FaceImage.read(images.get(0));
    try (FaceDetector detector = FaceDetector.create(models);
        FaceEmbedder embedder =
            FaceEmbedder.builder(models.embedder()).threads(sessionThreads()).build()) {
      Face face = detector.detect(image).get(0);
      System.out.printf(
          Locale.ROOT,
          "one face, threads %d: %.2f ms (median); landmarks %s%n",
          threads,
          median(() -> embedder.embed(image, face)),
          face.landmarks().orElseThrow().points().stream()
              .map(point -> point.x() + " " + point.y())
              .collect(Collectors.joining(" ")));
    }
  }

  private double median(Runnable task) {
    double[] times = new double[40 * rounds];
    for (int i = -20; i < times.length; i++) {
      long start = System.nanoTime();
      task.run();
      times[Math.max(i, 0)] = milliseconds(System.nanoTime() - start);
    }
    Arrays.sort(times);
    return times[times.length / 2];
  }

  private static CropTransform whole(FaceImage image, int side) {
    return new CropTransform(
        image,
        new AffineMap(image.width() / (double) side, 0, 0, 0, image.height() / (double) side, 0));
  }

  private static double milliseconds(long nanoseconds) {
    return nanoseconds / 1e6;
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new PeerBenchmark()).execute(args));
  }
}
