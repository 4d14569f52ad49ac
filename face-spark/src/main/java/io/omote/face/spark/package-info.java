// SPDX-License-Identifier: Apache-2.0
/**
 * Faces of very many images, on Apache Spark: {@link io.omote.face.spark.SparkFaces} finds and
 * embeds them, {@link io.omote.face.spark.SparkPairs} compares all with all, and {@link
 * io.omote.face.spark.FaceJob} is a program for {@code spark-submit}.
 *
 * <p>A job that fails on the cluster ends in an exception of Spark's, as everywhere in Spark; what
 * is wrong with the input is said before, by exceptions of this library.
 */
@NullMarked
package io.omote.face.spark;

import org.jspecify.annotations.NullMarked;
