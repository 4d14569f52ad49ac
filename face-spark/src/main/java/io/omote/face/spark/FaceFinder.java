// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Converts rows of images to rows of faces, on an executor. Sent there by Java serialization. */
final class FaceFinder implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final FaceSettings settings;
  private final ImageColumns columns;
  private final int attempts;
  private final boolean instants;
  private final SerializableConfiguration configuration;
  private final FaceMetrics metrics;

  /**
   * Creates a finder.
   *
   * @param images the columns of images
   * @param attempts how often Spark tries a task
   * @param instants whether a timestamp is an {@code Instant} rather than a {@code Timestamp}
   */
  FaceFinder(
      FaceSettings settings,
      StructType images,
      int attempts,
      boolean instants,
      SerializableConfiguration configuration,
      FaceMetrics metrics) {
    this.settings = settings;
    this.columns = ImageColumns.of(images);
    this.attempts = attempts;
    this.instants = instants;
    this.configuration = configuration;
    this.metrics = metrics;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> images) {
    TaskContext task = TaskContext.get();
    ExecutorNetworks networks = ExecutorNetworks.of(settings);
    return new FaceTask(
        images,
        columns,
        new FaceRows(settings, columns, networks, instants),
        new ImageStorage(configuration.value(), settings.images()),
        settings.images(),
        metrics,
        task != null && task.attemptNumber() + 1 < attempts);
  }
}
