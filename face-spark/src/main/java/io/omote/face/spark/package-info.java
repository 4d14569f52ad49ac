// SPDX-License-Identifier: Apache-2.0
/**
 * Faces in very large numbers of images, on Apache Spark: {@link io.omote.face.spark.SparkFaces}
 * finds and embeds them, {@link io.omote.face.spark.SparkPairs} compares all of them, and {@link
 * io.omote.face.spark.FaceJob} is a program for {@code spark-submit}.
 *
 * <p>A job that fails on the cluster throws an exception of Spark. Problems with the input are
 * reported before, by exceptions of this library.
 */
@NullMarked
package io.omote.face.spark;

import org.jspecify.annotations.NullMarked;
