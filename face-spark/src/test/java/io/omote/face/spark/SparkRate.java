// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.GalleryEntry;
import io.omote.face.evaluation.ThresholdCounts;
import io.omote.face.models.ModelZoo;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Measures how fast Spark processes images and pairs of faces, compared with the same work in one
 * JVM with as many threads. Both run in this JVM, in turn. The time of a run with few images is
 * subtracted from that of a run with many, so that fixed costs do not count.
 */
final class SparkRate {
  private static final int THREADS = 2;
  private static final int FEW = 100;
  private static final int MANY = 500;
  private static final int ROUNDS = 5;

  private SparkRate() {}

  /**
   * Prints the rates.
   *
   * @param args {@code images FOLDER SIDE}, with the pixels to which the longer side of images is
   *     scaled; or {@code pairs COUNT}, with the number of faces
   */
  public static void main(String[] args) throws Exception {
    SparkSession spark = LocalSpark.start();
    if (args[0].equals("images")) {
      compareImages(spark, Path.of(args[1]), Integer.parseInt(args[2]));
    } else {
      comparePairs(spark, Integer.parseInt(args[1]));
    }
    spark.stop();
  }

  private static void comparePairs(SparkSession spark, int count) throws Exception {
    Random random = new Random(1);
    List<GalleryEntry> entries = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] raw = new float[512];
      for (int at = 0; at < raw.length; at++) {
        raw[at] = (float) random.nextGaussian();
      }
      FaceEmbedding face = FaceEmbedding.ofRaw("random:1", raw);
      entries.add(new GalleryEntry("p" + i / 2, "s" + i, face));
      rows.add(RowFactory.create((long) i, "p" + i / 2, face.toBytes()));
    }
    String file = Files.createTempDirectory("omote-rate").resolve("faces").toString();
    StructType columns =
        new StructType().add("id", "long").add("person", "string").add("embedding", "binary");
    spark.createDataFrame(rows, columns).repartition(8).write().parquet(file);
    rows.clear();
    Dataset<Row> faces = spark.read().parquet(file);
    double[] thresholds = {0.2, 0.3, 0.4};
    for (int round = 0; round < ROUNDS; round++) {
      double plain = seconds(n -> ThresholdCounts.within(entries, thresholds), count);
      double cluster = seconds(n -> SparkPairs.within(faces, thresholds), count);
      double graph = seconds(n -> SparkPairs.neighbors(faces, 0.4).count(), count);
      double pairs = count * (count - 1.0) / 2;
      System.out.printf(
          Locale.ROOT,
          "plain %.1f, Spark %.1f million pairs/s; graph %.1f s%n",
          pairs / plain / 1e6,
          pairs / cluster / 1e6,
          graph);
    }
  }

  private static void compareImages(SparkSession spark, Path from, int side) throws Exception {
    Path folder = Files.createTempDirectory("omote-rate");
    List<Path> files = files(from, side, folder);
    FaceModels models = ModelZoo.lite();
    try (FaceDetector detector = FaceDetector.builder(models.detector()).threads(1).build();
        FaceEmbedder embedder = FaceEmbedder.builder(models.embedder()).threads(1).build()) {
      double[] plain = new double[ROUNDS];
      double[] cluster = new double[ROUNDS];
      for (int round = -1; round < ROUNDS; round++) {
        double plainRate = rate(count -> plain(files.subList(0, count), detector, embedder));
        double sparkRate =
            rate(count -> spark(spark, files.subList(0, count), folder.resolve("faces")));
        // The first one warms up.
        if (round >= 0) {
          plain[round] = plainRate;
          cluster[round] = sparkRate;
          System.out.printf(Locale.ROOT, "plain %.1f, Spark %.1f images/s%n", plainRate, sparkRate);
        }
      }
      System.out.printf(
          Locale.ROOT,
          "median: plain %.1f, Spark %.1f images/s, ratio %.3f%n",
          median(plain),
          median(cluster),
          median(cluster) / median(plain));
    }
  }

  private interface Work {
    void of(int count) throws Exception;
  }

  private static double rate(Work work) throws Exception {
    return (MANY - FEW) / (seconds(work, MANY) - seconds(work, FEW));
  }

  private static double seconds(Work work, int count) throws Exception {
    long start = System.nanoTime();
    work.of(count);
    return (System.nanoTime() - start) / 1e9;
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().toArray()[values.length / 2];
  }

  private static List<Path> files(Path from, int side, Path to) throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(from)) {
      sources = files.filter(file -> file.toString().endsWith(".jpg")).sorted().toList();
    }
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      Path file = to.resolve("%04d.jpg".formatted(i));
      files.add(file);
      if (i >= sources.size()) {
        Files.copy(files.get(i - sources.size()), file);
        continue;
      }
      BufferedImage source = ImageIO.read(sources.get(i % sources.size()).toFile());
      double scale = (double) side / Math.max(source.getWidth(), source.getHeight());
      int width = (int) Math.round(source.getWidth() * scale);
      int height = (int) Math.round(source.getHeight() * scale);
      BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
      Graphics2D graphics = scaled.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      graphics.drawImage(source, 0, 0, width, height, null);
      graphics.dispose();
      ImageIO.write(scaled, "jpg", file.toFile());
    }
    return files;
  }

  private static void plain(List<Path> files, FaceDetector detector, FaceEmbedder embedder)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> parts = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int first = thread;
        parts.add(
            threads.submit(
                () ->
                    IntStream.iterate(first, i -> i < files.size(), i -> i + THREADS)
                        .forEach(i -> embed(files.get(i), detector, embedder))));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static void embed(Path file, FaceDetector detector, FaceEmbedder embedder) {
    FaceImage image = FaceImage.read(file);
    List<Face> faces = detector.detect(image);
    embedder.embed(image, faces).forEach(embedding -> embedding.toBytes());
  }

  private static void spark(SparkSession spark, List<Path> files, Path output) {
    List<String> paths = files.stream().map(Path::toString).toList();
    Dataset<Row> rows = spark.createDataset(paths, Encoders.STRING()).toDF("path").repartition(6);
    SparkFaces.find(rows, "lite").write().mode("overwrite").parquet(output.toString());
  }
}
