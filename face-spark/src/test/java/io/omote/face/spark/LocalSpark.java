// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import org.apache.spark.sql.SparkSession;

/** Spark in this JVM. */
final class LocalSpark {
  private LocalSpark() {}

  static SparkSession start() {
    return SparkSession.builder()
        .appName("test")
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate();
  }
}
