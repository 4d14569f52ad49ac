// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Measures the listing of many files: time, and the largest heap in use. */
final class ListingScale {
  private ListingScale() {}

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
        ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(peak -> peak.getUsed())
                .sum()
            >> 20,
        Runtime.getRuntime().maxMemory() >> 20);
    spark.stop();
  }
}
