// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Measures the listing of many files: time, and the largest heap in use. */
final class ListingScale {
  /** The largest number of bytes in use, garbage included. */
  private static final AtomicLong MOST = new AtomicLong();

  private ListingScale() {}

  private static void watch() {
    try {
      while (true) {
        Thread.sleep(50);
        MOST.accumulateAndGet(
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), Math::max);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Prints the figures.
   *
   * @param args a folder, such as {@code synthetic:///10000x1000}, and a folder to write the list
   *     to; without the latter, the list is kept by Spark, as {@link SparkFaces#list} does it
   */
  public static void main(String[] args) {
    SparkSession spark = LocalSpark.start();
    SyntheticFileSystem.register(spark);
    Listing.keep(spark, "synthetic:///2x2").count(); // starts Spark
    Thread watch = new Thread(ListingScale::watch);
    watch.setDaemon(true);
    watch.start();
    long start = System.nanoTime();
    Dataset<Row> files =
        args.length > 1
            ? Listing.write(spark, List.of(args[0]), args[1])
            : SparkFaces.list(spark, args[0]);
    double listed = (System.nanoTime() - start) / 1e9;
    long count = files.where("problem is null and length >= 0").count();
    double counted = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%s: %d files, listed in %.1f s, counted after %.1f s, heap at most %d MB of %d MB%n",
        args[0],
        count,
        listed,
        counted,
        MOST.get() >> 20,
        Runtime.getRuntime().maxMemory() >> 20);
    spark.stop();
  }
}
