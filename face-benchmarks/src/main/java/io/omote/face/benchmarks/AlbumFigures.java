// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.Album;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGraph;
import io.omote.face.GalleryEntry;
import io.omote.face.evaluation.ClusteringScores;
import io.omote.face.evaluation.ThresholdCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the cost and accuracy of grouping faces by person. */
@Command(
    name = "album-figures",
    mixinStandardHelpOptions = true,
    description =
        "Measures albums of random faces: many people with few images, few people with many.")
final class AlbumFigures implements Callable<Integer> {
  private static final String MODEL = "random:0123456789ab";
  private static final int MOST_IMAGES = 1000;

  @Option(
      names = "--faces",
      paramLabel = "COUNT",
      defaultValue = "100000",
      description = "by default ${DEFAULT-VALUE}")
  private int count;

  @Option(
      names = "--dimension",
      paramLabel = "COUNT",
      defaultValue = "512",
      description =
          "by default ${DEFAULT-VALUE}; with fewer, faces of different people are more similar")
  private int dimension;

  @Option(
      names = "--threshold",
      paramLabel = "COSINE",
      defaultValue = "0.4",
      description = "by default ${DEFAULT-VALUE}")
  private double threshold;

  private final List<GalleryEntry> faces = new ArrayList<>();

  private double[] direction(Random random) {
    double[] unit = new double[dimension];
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      unit[i] = random.nextGaussian();
      squares += unit[i] * unit[i];
    }
    for (int i = 0; i < dimension; i++) {
      unit[i] /= Math.sqrt(squares);
    }
    return unit;
  }

  /** Returns a face near a center; two of one person have a cosine of 0.59, plus or minus 0.13. */
  private FaceEmbedding near(double[] center, Random random) {
    double along = Math.max(0.3, Math.min(0.97, 0.77 + 0.115 * random.nextGaussian()));
    double[] away = direction(random);
    float[] raw = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      raw[i] = (float) (along * center[i] + Math.sqrt(1 - along * along) * away[i]);
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  @Override
  public Integer call() {
    Random random = new Random(1);
    int people = 0;
    for (; faces.size() < count; people++) {
      double[] center = direction(random);
      int images = (int) Math.min(MOST_IMAGES, 1.2 * Math.pow(random.nextDouble(), -0.9));
      for (int i = 0; i < images && faces.size() < count; i++) {
        faces.add(new GalleryEntry("p" + people, "s" + i, near(center, random)));
      }
    }
    Collections.shuffle(faces, random);
    System.out.printf(Locale.ROOT, "%d faces of %d people%n", count, people);
    List<FaceEmbedding> embeddings = faces.stream().map(GalleryEntry::face).toList();
    FaceGraph graph = timed("graph", () -> FaceGraph.of(embeddings, threshold));
    FaceAlbums albums = timed("albums", () -> FaceAlbums.of(graph));
    ThresholdCounts counts =
        timed("all pairs", () -> ThresholdCounts.within(faces, 0.2, 0.3, threshold));
    System.out.printf(
        Locale.ROOT,
        "%d links, %d albums, %d ungrouped faces, FMR at the threshold %.2g%n",
        graph.links(),
        albums.albums().size(),
        albums.ungrouped().size(),
        counts.fmr(threshold).value());
    ClusteringScores scores = scores(albums);
    System.out.printf(
        Locale.ROOT,
        "B-cubed precision %.4f, recall %.4f, F1 %.4f; pair F1 %.4f%n",
        scores.bCubedPrecision(),
        scores.bCubedRecall(),
        scores.bCubedF1(),
        scores.pairF1());
    return 0;
  }

  private ClusteringScores scores(FaceAlbums albums) {
    List<Integer> groups = new ArrayList<>(Collections.nCopies(count, -1));
    int next = 0;
    for (Album album : albums.albums()) {
      for (Album.Proposal proposal : album.faces()) {
        groups.set(proposal.face(), next);
      }
      next++;
    }
    for (int face : albums.ungrouped()) {
      groups.set(face, next++);
    }
    return ClusteringScores.of(faces.stream().map(GalleryEntry::person).toList(), groups);
  }

  private static <T> T timed(String what, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    System.out.printf(Locale.ROOT, "%s: %.1f s%n", what, (System.nanoTime() - start) / 1e9);
    return result;
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new AlbumFigures()).execute(args));
  }
}
