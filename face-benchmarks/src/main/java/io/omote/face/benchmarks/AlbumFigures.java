// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.Album;
import io.omote.face.AlbumPoint;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGraph;
import io.omote.face.FaceModels;
import io.omote.face.GalleryEntry;
import io.omote.face.description.OperatingPoint;
import io.omote.face.evaluation.ClusteringScores;
import io.omote.face.evaluation.ThresholdCounts;
import io.omote.face.models.ModelZoo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the cost and accuracy of grouping faces by person, as the number of faces grows. The
 * faces are random, with similarities that are distributed like those of the bundled pack on 600
 * images of 300 people of Labeled Faces in the Wild:
 *
 * <ul>
 *   <li>Non-mated: people are directions in {@value #DIMENSION} dimensions. Each resembles one of
 *       {@value #LOOKS} looks, some of which are frequent. Without looks, high similarities of
 *       strangers would be too rare.
 *   <li>Mated: each face lies near its person, as close as a random number with a mean of {@value
 *       #CLOSE}; {@value #WEAK_SHARE} of the faces are weak, with a mean of {@value #WEAK}.
 *   <li>Images of a person: a long tail, from 1 to {@value #MOST_IMAGES}.
 * </ul>
 *
 * <p>Of two faces of a person, 0.8 % are below a similarity of 0.3 (measured: 0.7 %), 1.6 % below
 * 0.35 (2.0 %), 4.1 % below 0.42 (4.0 %), 10 % below 0.4872 (13 %), 34 % below 0.6 (30 %). It
 * prints the error rates of all pairs beside those of the pack.
 */
@Command(
    name = "album-figures",
    mixinStandardHelpOptions = true,
    description =
        "Measures albums of random faces: many people with few images, few people with many.")
final class AlbumFigures implements Callable<Integer> {
  private static final String MODEL = "random:0123456789ab";
  private static final int DIMENSION = 110;
  private static final int LOOKS = 30;
  private static final double LOOK = 0.5;
  private static final double CLOSE = 0.81;
  private static final double CLOSE_SPREAD = 0.085;
  private static final double WEAK_SHARE = 0.015;
  private static final double WEAK = 0.5;
  private static final double WEAK_SPREAD = 0.12;
  private static final int MOST_IMAGES = 1000;

  @Option(
      names = "--faces",
      paramLabel = "COUNT",
      split = ",",
      defaultValue = "500,5000,15000,50000",
      description = "by default ${DEFAULT-VALUE}")
  private List<Integer> sizes;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "by default ${DEFAULT-VALUE}")
  private long seed;

  @Override
  public Integer call() {
    FaceModels models = ModelZoo.lite();
    for (int size : sizes) {
      measure(size, models);
    }
    return 0;
  }

  private void measure(int size, FaceModels models) {
    List<GalleryEntry> faces = faces(size, new Random(seed));
    List<FaceEmbedding> embeddings = faces.stream().map(GalleryEntry::face).toList();
    List<String> people = faces.stream().map(GalleryEntry::person).toList();
    AlbumPoint point = models.albumPoint(size);
    System.out.printf(
        Locale.ROOT,
        "%d faces of %d people; threshold %.4f, FMR %.2g, %.2g false links of a face to expect%s%n",
        size,
        people.stream().distinct().count(),
        point.threshold(),
        point.fmr(),
        point.falseLinks(),
        point.isSupported() ? "" : ", more than a measurement supports");
    FaceGraph graph = timed("graph", () -> FaceGraph.of(embeddings, point.threshold()));
    FaceAlbums albums = timed("albums", () -> FaceAlbums.of(graph));
    ClusteringScores scores = ClusteringScores.of(people, groups(albums, size));
    System.out.printf(
        Locale.ROOT,
        "  %d albums, %d faces in no album; B-cubed precision %.4f, recall %.4f, F1 %.4f; pair F1 %.4f%n",
        albums.albums().size(),
        albums.ungrouped().size(),
        scores.bCubedPrecision(),
        scores.bCubedRecall(),
        scores.bCubedF1(),
        scores.pairF1());
    System.out.printf(
        Locale.ROOT,
        "  people in the ten largest albums: %s%n",
        albums.albums().stream()
            .limit(10)
            .map(album -> people(album, people) + " of " + album.faces().size())
            .toList());
    double[] thresholds =
        models.operatingPoints().stream().mapToDouble(OperatingPoint::threshold).toArray();
    ThresholdCounts counts = ThresholdCounts.within(faces, thresholds);
    for (OperatingPoint measured : models.operatingPoints()) {
      System.out.printf(
          Locale.ROOT,
          "  at %.4f: FMR %.2g (pack: %.2g), FNMR %.3f (pack: %.3f)%n",
          measured.threshold(),
          counts.fmr(measured.threshold()).value(),
          measured.fmr().value(),
          counts.fnmr(measured.threshold()).value(),
          measured.fnmr().value());
    }
  }

  private static long people(Album album, List<String> people) {
    return album.faces().stream().map(face -> people.get(face.face())).distinct().count();
  }

  private static List<GalleryEntry> faces(int count, Random random) {
    List<double[]> looks = new ArrayList<>();
    for (int look = 0; look < LOOKS; look++) {
      looks.add(direction(random));
    }
    List<GalleryEntry> faces = new ArrayList<>();
    for (int person = 0; faces.size() < count; person++) {
      double rank = random.nextDouble();
      double[] look = looks.get((int) (rank * rank * LOOKS));
      double[] center = near(look, LOOK, random);
      int images = (int) Math.min(MOST_IMAGES, 1.2 * Math.pow(random.nextDouble(), -0.9));
      for (int image = 0; image < images && faces.size() < count; image++) {
        faces.add(new GalleryEntry("p" + person, "s" + image, face(center, random)));
      }
    }
    Collections.shuffle(faces, random);
    return faces;
  }

  private static FaceEmbedding face(double[] center, Random random) {
    boolean weak = random.nextDouble() < WEAK_SHARE;
    double close =
        weak
            ? WEAK + WEAK_SPREAD * random.nextGaussian()
            : CLOSE + CLOSE_SPREAD * random.nextGaussian();
    double[] face = near(center, Math.max(0.2, Math.min(0.97, close)), random);
    float[] raw = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      raw[i] = (float) face[i];
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  private static double[] direction(Random random) {
    double[] unit = new double[DIMENSION];
    Arrays.setAll(unit, i -> random.nextGaussian());
    return unit(unit);
  }

  /** Returns a direction near another, with that cosine on average. */
  private static double[] near(double[] center, double cosine, Random random) {
    double[] away = direction(random);
    double sine = Math.sqrt(1 - cosine * cosine);
    double[] near = new double[DIMENSION];
    Arrays.setAll(near, i -> cosine * center[i] + sine * away[i]);
    return unit(near);
  }

  private static double[] unit(double[] vector) {
    double length = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
    return Arrays.stream(vector).map(x -> x / length).toArray();
  }

  private static List<Integer> groups(FaceAlbums albums, int count) {
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
    return groups;
  }

  private static <T> T timed(String what, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    System.out.printf(Locale.ROOT, "  %s: %.1f s%n", what, (System.nanoTime() - start) / 1e9);
    return result;
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new AlbumFigures()).execute(args));
  }
}
