// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

/**
 * A threshold and its accuracy. Immutable and thread-safe.
 *
 * @param threshold the minimum similarity at which two faces are considered the same person
 * @param accuracy the share of correct decisions, in [0, 1]
 */
public record ThresholdAccuracy(double threshold, double accuracy) {}
