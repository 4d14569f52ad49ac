// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * The counts of a run, which Spark's UI shows for each stage, and some texts of unreadable images.
 * A stage that Spark runs again counts again. No face data.
 *
 * <p>Thread-safe as far as accumulators are: tasks add, the driver reads.
 */
final class FaceMetrics implements Serializable {
  private static final long serialVersionUID = 1L;

  private final LongAccumulator images;
  private final LongAccumulator faces;
  private final LongAccumulator unreadable;
  private final LongAccumulator repeatedReads;
  private final TextSamples samples = new TextSamples();

  private FaceMetrics(SparkContext context) {
    images = context.longAccumulator("images");
    faces = context.longAccumulator("faces");
    unreadable = context.longAccumulator("unreadable images");
    repeatedReads = context.longAccumulator("repeated reads");
    context.register(samples);
  }

  static FaceMetrics register(SparkContext context) {
    return new FaceMetrics(context);
  }

  /** Counts an image that was processed, with or without faces. */
  void addImage(int faceCount) {
    images.add(1);
    faces.add(faceCount);
  }

  void addUnreadable(String path, String problem) {
    images.add(1);
    unreadable.add(1);
    samples.add(path + ": " + problem);
  }

  void addRepeatedRead() {
    repeatedReads.add(1);
  }

  /** Returns the number of images, with unreadable ones. */
  long images() {
    return images.value();
  }

  long faces() {
    return faces.value();
  }

  long unreadable() {
    return unreadable.value();
  }

  long repeatedReads() {
    return repeatedReads.value();
  }

  /** Returns at most {@value TextSamples#MOST} texts {@code path: problem} of unreadable images. */
  List<String> samples() {
    return samples.value();
  }
}
