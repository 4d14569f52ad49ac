// SPDX-License-Identifier: Apache-2.0
/**
 * Faces in very large numbers of images, on Apache Spark: {@link io.omote.face.spark.SparkFaces}
 * lists images, finds and embeds their faces, {@link io.omote.face.spark.FaceTransformer} does that
 * with all options as a stage of Spark's pipelines, {@link io.omote.face.spark.SparkPairs} compares
 * all faces, and {@link io.omote.face.spark.FaceJob} is a program for {@code spark-submit}.
 *
 * <p>A job that fails on the cluster throws an exception of Spark. Problems with the input are
 * reported before, by exceptions of this library.
 */
@NullMarked
package io.omote.face.spark;

import org.jspecify.annotations.NullMarked;
