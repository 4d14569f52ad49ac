// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.SelectedFace;
import io.omote.face.description.DetectorModel;
import io.omote.face.evaluation.Protocol;
import io.omote.face.evaluation.VerificationScores;
import io.omote.face.models.ModelZoo;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures which faces the bundled detectors find, and at which input size their landmarks serve
 * the recognizer best:
 *
 * <ul>
 *   <li>Recall by the width of the face: images scaled onto a gray canvas of 640x640.
 *   <li>A mosaic of 96 images, 3000x2000.
 *   <li>The input size by the size of the image: images on a gray canvas, not scaled.
 * </ul>
 */
@Command(
    name = "detector-figures",
    mixinStandardHelpOptions = true,
    description = "Measures which faces the bundled detectors find, and at which input size.")
final class DetectorFigures implements Callable<Integer> {
  private static final int RECALL_IMAGES = 60;
  private static final int RECALL_SIDE = 640;
  private static final int[] WIDTHS = {14, 20, 28, 40, 80, 160};
  private static final int MOSAIC_COLUMNS = 12;
  private static final int MOSAIC_ROWS = 8;
  private static final int CELL = 250;
  private static final int[] SIDES = {250, 320, 400, 480, 640};

  @Option(
      names = "--detector",
      paramLabel = "FILE",
      description = "another detector, for recall and mosaic")
  private @Nullable Path other;

  @Parameters(
      paramLabel = "SET",
      description = "pairs of images of 250x250 with one central face, as for evaluate")
  private Path set;

  /** A detector and its input sizes, none for its own choice. */
  private record Way(String name, DetectorModel model, int... sizes) {
    FaceDetector open() {
      FaceDetector.Builder builder = FaceDetector.builder(model);
      return (sizes.length == 0 ? builder : builder.inputSizes(sizes)).build();
    }
  }

  /** An image and the box of its central face. */
  private record Sample(BufferedImage image, BoundingBox box) {}

  @Override
  public Integer call() {
    DetectorModel lite = ModelZoo.lite().detector();
    List<Way> ways = new ArrayList<>();
    ways.add(new Way("lite-fast", ModelZoo.liteFast().detector()));
    ways.add(new Way("lite at 320", lite, 320));
    ways.add(new Way("lite at 640", lite, 640));
    ways.add(new Way("lite", lite));
    ways.add(new Way("lite at 1280", lite, 1280));
    if (other != null) {
      ways.add(new Way(other.getFileName().toString(), FaceModels.detectorOf(other)));
    }
    Protocol protocol = Protocol.read(set);
    List<Path> files =
        IntStream.range(0, protocol.images().size()).mapToObj(protocol::path).sorted().toList();
    List<Sample> all = samples(files, lite);
    recall(ways, spread(all, RECALL_IMAGES));
    mosaic(ways, spread(all, MOSAIC_COLUMNS * MOSAIC_ROWS));
    inputSizes(protocol);
    return 0;
  }

  private static List<Sample> samples(List<Path> files, DetectorModel model) {
    try (FaceDetector detector = new Way("", model, 320).open()) {
      return files.stream()
          .map(
              file -> {
                FaceImage image = FaceImage.read(file);
                SelectedFace face = detector.detectOne(image, FaceSelection.CENTRAL).orElseThrow();
                return new Sample(image.toBufferedImage(), face.face().box());
              })
          .toList();
    }
  }

  private static <T> List<T> spread(List<T> all, int count) {
    return IntStream.range(0, count).mapToObj(i -> all.get(i * all.size() / count)).toList();
  }

  private static BufferedImage canvas(int width, int height) {
    BufferedImage canvas = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = canvas.createGraphics();
    graphics.setColor(new Color(128, 128, 128));
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return canvas;
  }

  /** Draws an image, scaled to a size. */
  private static void draw(
      BufferedImage image, BufferedImage canvas, int left, int top, int width, int height) {
    boolean isSame = width == image.getWidth() && height == image.getHeight();
    Image scaled =
        isSame ? image : image.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
    Graphics2D graphics = canvas.createGraphics();
    graphics.drawImage(scaled, left, top, null);
    graphics.dispose();
  }

  /** Returns whether a face has its center in a box, which was scaled, then shifted. */
  private static boolean isFound(
      List<Face> faces, BoundingBox box, double scale, int left, int top) {
    double x = left + scale * box.centerX();
    double y = top + scale * box.centerY();
    return faces.stream()
        .map(Face::box)
        .anyMatch(
            found ->
                Math.abs(found.centerX() - x) < scale * box.width() / 2
                    && Math.abs(found.centerY() - y) < scale * box.height() / 2);
  }

  private static void recall(List<Way> ways, List<Sample> samples) {
    print("Share of %d faces found, by their width in pixels:", samples.size());
    print("| detector | 14 | 20 | 28 | 40 | 80 | 160 |");
    for (Way way : ways) {
      StringBuilder row = new StringBuilder("| " + way.name + " |");
      try (FaceDetector detector = way.open()) {
        for (int width : WIDTHS) {
          long found =
              samples.stream().filter(sample -> isRecalled(detector, sample, width)).count();
          row.append(String.format(Locale.ROOT, " %.2f |", (double) found / samples.size()));
        }
      }
      System.out.println(row);
    }
  }

  private static boolean isRecalled(FaceDetector detector, Sample sample, int faceWidth) {
    double scale = faceWidth / (double) sample.box.width();
    int width = (int) Math.round(scale * sample.image.getWidth());
    int height = (int) Math.round(scale * sample.image.getHeight());
    int left = (RECALL_SIDE - width) / 2;
    int top = (RECALL_SIDE - height) / 2;
    BufferedImage canvas = canvas(RECALL_SIDE, RECALL_SIDE);
    draw(sample.image, canvas, left, top, width, height);
    return isFound(detector.detect(FaceImage.of(canvas)), sample.box, scale, left, top);
  }

  private static void mosaic(List<Way> ways, List<Sample> samples) {
    BufferedImage canvas = canvas(MOSAIC_COLUMNS * CELL, MOSAIC_ROWS * CELL);
    for (int i = 0; i < samples.size(); i++) {
      int left = i % MOSAIC_COLUMNS * CELL;
      int top = i / MOSAIC_COLUMNS * CELL;
      draw(samples.get(i).image, canvas, left, top, CELL, CELL);
    }
    FaceImage mosaic = FaceImage.of(canvas);
    print("Mosaic of %dx%d:", mosaic.width(), mosaic.height());
    for (Way way : ways) {
      try (FaceDetector detector = way.open()) {
        List<Face> faces = detector.detect(mosaic);
        long found =
            IntStream.range(0, samples.size())
                .filter(
                    i ->
                        isFound(
                            faces,
                            samples.get(i).box,
                            1,
                            i % MOSAIC_COLUMNS * CELL,
                            i / MOSAIC_COLUMNS * CELL))
                .count();
        print("%s: %d of %d faces, %d in all", way.name, found, samples.size(), faces.size());
      }
    }
  }

  /** Compares the pairs at two input sizes, with images that lie on canvases of several sizes. */
  private static void inputSizes(Protocol protocol) {
    print("| image | input | best accuracy | d' | without a face | ms (median) |");
    for (int side : SIDES) {
      List<FaceImage> images =
          IntStream.range(0, protocol.images().size())
              .mapToObj(i -> centered(FaceImage.read(protocol.path(i)), side))
              .toList();
      for (int input : new int[] {320, 640}) {
        inputSize(protocol, images, side, input);
      }
    }
  }

  private static FaceImage centered(FaceImage image, int side) {
    BufferedImage canvas = canvas(side, side);
    draw(
        image.toBufferedImage(),
        canvas,
        (side - image.width()) / 2,
        (side - image.height()) / 2,
        image.width(),
        image.height());
    return FaceImage.of(canvas);
  }

  private static void inputSize(Protocol protocol, List<FaceImage> images, int side, int input) {
    List<Optional<FaceEmbedding>> embeddings = new ArrayList<>();
    double[] times = new double[images.size()];
    FaceModels lite = ModelZoo.lite();
    try (FaceDetector detector = new Way("", lite.detector(), input).open();
        FaceEmbedder embedder = FaceEmbedder.create(lite)) {
      for (int i = 0; i < times.length; i++) {
        FaceImage image = images.get(i);
        long start = System.nanoTime();
        Optional<SelectedFace> face = detector.detectOne(image, FaceSelection.CENTRAL);
        times[i] = (System.nanoTime() - start) / 1e6;
        embeddings.add(face.map(selected -> embedder.embed(image, selected.face())));
      }
    }
    VerificationScores.Builder scores = VerificationScores.builder();
    List<Double> mated = new ArrayList<>();
    List<Double> nonMated = new ArrayList<>();
    for (Protocol.Pair pair : protocol.pairs()) {
      Optional<FaceEmbedding> first = embeddings.get(pair.first());
      Optional<FaceEmbedding> second = embeddings.get(pair.second());
      if (first.isPresent() && second.isPresent()) {
        double similarity = first.get().similarity(second.get());
        scores.add(pair.mated(), similarity);
        (pair.mated() ? mated : nonMated).add(similarity);
      } else {
        scores.addFailure(pair.mated());
      }
    }
    Arrays.sort(times);
    print(
        "| %d | %d | %.4f | %.2f | %d | %.1f |",
        side,
        input,
        scores.build().bestAccuracy().accuracy(),
        (mean(mated) - mean(nonMated)) / Math.sqrt((variance(mated) + variance(nonMated)) / 2),
        embeddings.stream().filter(Optional::isEmpty).count(),
        times[times.length / 2]);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElseThrow();
  }

  private static double variance(List<Double> values) {
    double mean = mean(values);
    return values.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }

  private static void print(String pattern, Object... values) {
    System.out.printf(Locale.ROOT, pattern + "%n", values);
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new DetectorFigures()).execute(args));
  }
}
