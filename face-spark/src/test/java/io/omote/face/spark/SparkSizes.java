// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceAlbums;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGraph;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Measures how much of the network, the local disks and the driver's memory all pairs need.
 *
 * <p>{@code shuffle FACES} prints the bytes that Spark shuffles to compare all pairs of random
 * embeddings of 512 numbers. {@code albums FACES} prints the heap in which one JVM groups that many
 * faces with 10 links each.
 */
final class SparkSizes {
  private static final int NUMBERS = 512;

  private SparkSizes() {}

  public static void main(String[] args) {
    int faces = Integer.parseInt(args[1]);
    if (args[0].equals("shuffle")) {
      shuffle(faces);
    } else {
      albums(faces);
    }
  }

  private static void shuffle(int faces) {
    SparkSession spark = LocalSpark.start();
    AtomicLong written = new AtomicLong();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onTaskEnd(SparkListenerTaskEnd task) {
                written.addAndGet(task.taskMetrics().shuffleWriteMetrics().bytesWritten());
              }
            });
    Dataset<Row> samples =
        spark
            .range(0, faces, 1, 20)
            .map(
                (MapFunction<Long, Row>) SparkSizes::sample,
                Encoders.row(
                    new StructType()
                        .add("person", DataTypes.StringType)
                        .add("embedding", DataTypes.BinaryType)));
    long start = System.nanoTime();
    SparkPairs.within(samples, 0.3, 0.4, 0.5);
    spark.stop(); // delivers all events
    System.out.printf(
        Locale.ROOT,
        "%d faces, %.1f s, %.2f GB shuffled, %.0f bytes per face%n",
        faces,
        (System.nanoTime() - start) / 1e9,
        written.get() / 1e9,
        (double) written.get() / faces);
  }

  private static Row sample(long id) {
    Random random = new Random(id);
    float[] numbers = new float[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return RowFactory.create("p" + id / 3, FaceEmbedding.ofRaw("model:1", numbers).toBytes());
  }

  private static void albums(int faces) {
    Random random = new Random(1);
    FaceGraph.Builder graph = FaceGraph.builder(faces, 0.4);
    for (int face = 0; face < faces; face++) {
      graph.image(face, face);
    }
    // Groups of 20 faces, each linked with others of its group, and a few links between groups.
    for (int face = 0; face < faces; face++) {
      for (int link = 0; link < 10; link++) {
        int other =
            random.nextInt(50) == 0
                ? random.nextInt(faces)
                : Math.min(faces - 1, face / 20 * 20 + random.nextInt(20));
        if (other != face) {
          graph.link(face, other, 0.35 + 0.3 * random.nextDouble());
        }
      }
    }
    long start = System.nanoTime();
    FaceAlbums albums = FaceAlbums.of(graph.build());
    long peak =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum();
    System.out.printf(
        Locale.ROOT,
        "%d faces, %s, grouped in %.1f s, peak heap %.0f bytes per face%n",
        faces,
        albums,
        (System.nanoTime() - start) / 1e9,
        (double) peak / faces);
  }
}
