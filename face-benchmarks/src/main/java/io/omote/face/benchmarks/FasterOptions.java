// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.ImageOptions;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.SelectedFace;
import io.omote.face.evaluation.EmbeddedImages;
import io.omote.face.evaluation.Evaluator;
import io.omote.face.evaluation.Protocol;
import io.omote.face.evaluation.ThresholdAccuracy;
import io.omote.face.evaluation.VerificationScores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares each faster way to detect with the full mode, on the same images: time and results. */
@Command(
    name = "faster-options",
    mixinStandardHelpOptions = true,
    description = "Measures what the faster options of the detector change.")
final class FasterOptions implements Callable<Integer> {
  private static final double SAME_FACE = 0.5;
  private static final int LARGE_ROUNDS = 10;

  @Mixin private final ModelFiles files = new ModelFiles();

  @Option(
      names = "--photos",
      required = true,
      paramLabel = "FOLDER",
      description = "folder of images of all kinds")
  private Path photos;

  @Option(
      names = "--large",
      paramLabel = "FILE",
      description = "large JPEG files, decoded at full and at reduced size")
  private List<Path> large = List.of();

  @Parameters(index = "0", paramLabel = "SET", description = "pairs to compare, as for evaluate")
  private Path set;

  private FaceModels models;

  /** A way to detect. */
  private record Way(String name, Consumer<FaceDetector.Builder> options) {}

  private static final Way FULL = new Way("full", d -> {});
  private static final List<Way> FASTER =
      List.of(new Way("coarse to fine", d -> d.coarseToFine(true)));

  @Override
  public Integer call() throws IOException {
    models = files.models();
    List<FaceImage> images = new ArrayList<>();
    try (Stream<Path> files = Files.list(photos)) {
      files.sorted().forEach(file -> images.add(FaceImage.read(file)));
    }
    System.out.printf(Locale.ROOT, "%d photos%n", images.size());
    for (Way way : FASTER) {
      allFaces(way, images);
      oneFace(way, images);
    }
    largeFiles();
    pairs();
    return 0;
  }

  private FaceDetector detector(Way way) {
    FaceDetector.Builder builder = FaceDetector.builder(models.detector());
    way.options().accept(builder);
    return builder.build();
  }

  /** Compares the detection of all faces: which are found again, and where. */
  private void allFaces(Way way, List<FaceImage> images) {
    int faces = 0;
    int more = 0;
    DoubleSummaryStatistics scores = new DoubleSummaryStatistics();
    DoubleSummaryStatistics landmarks = new DoubleSummaryStatistics();
    DoubleSummaryStatistics similarities = new DoubleSummaryStatistics();
    try (FaceDetector full = detector(FULL);
        FaceDetector faster = detector(way);
        FaceEmbedder embedder = FaceEmbedder.create(models)) {
      for (FaceImage image : images) {
        List<Face> expected = full.detect(image);
        List<Face> found = faster.detect(image);
        faces += expected.size();
        more += found.size();
        for (Face face : expected) {
          Optional<Face> same =
              found.stream().filter(f -> overlap(f.box(), face.box()) > SAME_FACE).findFirst();
          if (same.isPresent()) {
            more--;
            scores.accept(Math.abs(same.get().score() - face.score()));
            landmarks.accept(landmarkDifference(face, same.get()));
            similarities.accept(similarity(embedder, image, face, same.get()));
          }
        }
      }
    }
    print(
        "%s, all faces: %d of %d found again, %d others; score differs by %.4f on average and %.4f"
            + " at most, landmarks by %.2f %% and %.2f %% of the inter-eye distance; similarity"
            + " of the embeddings %.4f on average, %.4f at least",
        way.name(),
        scores.getCount(),
        faces,
        more,
        scores.getAverage(),
        scores.getMax(),
        100 * landmarks.getAverage(),
        100 * landmarks.getMax(),
        similarities.getAverage(),
        similarities.getMin());
  }

  /** Compares the detection of the largest face: whether it is the same, and from which pass. */
  private void oneFace(Way way, List<FaceImage> images) {
    int withFace = 0;
    int changed = 0;
    int other = 0;
    DoubleSummaryStatistics similarities = new DoubleSummaryStatistics();
    try (FaceDetector full = detector(FULL);
        FaceDetector faster = detector(way);
        FaceEmbedder embedder = FaceEmbedder.create(models)) {
      for (FaceImage image : images) {
        Optional<Face> expected =
            full.detectOne(image, FaceSelection.LARGEST).map(SelectedFace::face);
        Optional<Face> found =
            faster.detectOne(image, FaceSelection.LARGEST).map(SelectedFace::face);
        if (expected.isEmpty() || found.isEmpty()) {
          other += expected.isPresent() == found.isPresent() ? 0 : 1;
          continue;
        }
        withFace++;
        // A face from the full mode would be equal to the last bit.
        changed += found.equals(expected) ? 0 : 1;
        if (overlap(expected.get().box(), found.get().box()) > SAME_FACE) {
          similarities.accept(similarity(embedder, image, expected.get(), found.get()));
        } else {
          other++;
        }
      }
    }
    print(
        "%s, largest face: of %d photos with a face, %d have other numbers than in the full mode,"
            + " %d another face; similarity of the embeddings of the same face %.4f on average, %.4f"
            + " at least",
        way.name(), withFace, changed, other, similarities.getAverage(), similarities.getMin());
  }

  /** Compares the embeddings of large files: the time, and how similar they are. */
  private void largeFiles() {
    try (FaceMatcher full = FaceMatcher.create(models);
        FaceMatcher reduced =
            FaceMatcher.builder(models)
                .imageOptions(ImageOptions.defaults().withReducedDecoding(1280))
                .build()) {
      for (Path file : large) {
        FaceImage image = FaceImage.read(file);
        FaceEmbedding expected = full.embed(file).orElseThrow();
        FaceEmbedding found = reduced.embed(file).orElseThrow();
        print(
            "a file of %dx%d: %.1f ms decoded at full size, %.1f ms at reduced size; similarity of both"
                + " embeddings %.4f",
            image.width(),
            image.height(),
            milliseconds(full, file),
            milliseconds(reduced, file),
            expected.similarity(found));
      }
    }
  }

  /** Returns the best time of some runs. */
  private static double milliseconds(FaceMatcher matcher, Path file) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < LARGE_ROUNDS; i++) {
      long start = System.nanoTime();
      matcher.embed(file);
      best = Math.min(best, System.nanoTime() - start);
    }
    return best / 1e6;
  }

  /** Compares the pairs: the error rates, and the change of each similarity. */
  private void pairs() throws IOException {
    Protocol protocol = Protocol.read(set);
    System.out.printf(
        Locale.ROOT, "%d pairs of %d images%n", protocol.size(), protocol.images().size());
    EmbeddedImages full = embedded(FULL, protocol, null);
    for (Way way : FASTER) {
      embedded(way, protocol, full);
    }
  }

  private EmbeddedImages embedded(Way way, Protocol protocol, @Nullable EmbeddedImages full)
      throws IOException {
    try (FaceMatcher matcher = FaceMatcher.builder(models).detection(way.options()).build()) {
      matcher.embed(protocol.path(0)); // warms up
      EmbeddedImages images = Evaluator.create().withThreads(1).embed(protocol, matcher);
      VerificationScores scores = images.compare().get(0);
      ThresholdAccuracy best = scores.bestAccuracy();
      print(
          "%s: best accuracy %.4f at %.3f, equal error rate %.4f, %.1f ms per image",
          way.name(),
          best.accuracy(),
          best.threshold(),
          scores.equalErrorRate(),
          images.duration().toNanos() / 1e6 / protocol.images().size());
      if (full != null) {
        printChanges(way, protocol, full, images, best.threshold());
      }
      return images;
    }
  }

  private static void printChanges(
      Way way, Protocol protocol, EmbeddedImages full, EmbeddedImages faster, double threshold) {
    long changed = 0;
    for (int i = 0; i < protocol.images().size(); i++) {
      changed += full.embedding(i).equals(faster.embedding(i)) ? 0 : 1;
    }
    DoubleSummaryStatistics shifts = new DoubleSummaryStatistics();
    int flips = 0;
    for (Protocol.Pair pair : protocol.pairs()) {
      double before = full.similarity(pair).orElseThrow();
      double after = faster.similarity(pair).orElseThrow();
      shifts.accept(Math.abs(before - after));
      flips += before >= threshold == after >= threshold ? 0 : 1;
    }
    print(
        "%s: %d images have another embedding than in the full mode; similarities change by %.4f on"
            + " average and %.4f at most, %d decisions at %.3f change",
        way.name(), changed, shifts.getAverage(), shifts.getMax(), flips, threshold);
  }

  private static double similarity(
      FaceEmbedder embedder, FaceImage image, Face first, Face second) {
    return embedder.embed(image, first).similarity(embedder.embed(image, second));
  }

  private static double overlap(BoundingBox a, BoundingBox b) {
    double width = Math.min(a.right(), b.right()) - Math.max(a.left(), b.left());
    double height = Math.min(a.bottom(), b.bottom()) - Math.max(a.top(), b.top());
    double common = Math.max(0, width) * Math.max(0, height);
    return common / ((double) a.width() * a.height() + (double) b.width() * b.height() - common);
  }

  private static double landmarkDifference(Face expected, Face found) {
    Landmarks a = expected.landmarks().orElseThrow();
    Landmarks b = found.landmarks().orElseThrow();
    double sum =
        distance(a.leftEye(), b.leftEye())
            + distance(a.rightEye(), b.rightEye())
            + distance(a.nose(), b.nose())
            + distance(a.leftMouthCorner(), b.leftMouthCorner())
            + distance(a.rightMouthCorner(), b.rightMouthCorner());
    return sum / 5 / distance(a.leftEye(), a.rightEye());
  }

  private static double distance(Point a, Point b) {
    return Math.hypot(a.x() - b.x(), a.y() - b.y());
  }

  private static void print(String pattern, Object... values) {
    System.out.printf(Locale.ROOT, pattern + "%n", values);
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new FasterOptions()).execute(args));
  }
}
