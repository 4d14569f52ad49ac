// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

/**
 * A threshold and how often it decides right. Immutable and thread-safe.
 *
 * @param threshold the similarity from which on two faces count as the same person
 * @param accuracy right decisions over comparisons, in [0, 1]
 */
public record ThresholdAccuracy(double threshold, double accuracy) {}
