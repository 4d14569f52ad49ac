// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

/**
 * Both error rates of identification at a threshold. Immutable and thread-safe.
 *
 * @param threshold the similarity from which on a candidate counts
 * @param fpir the false positive identification rate, in [0, 1]
 * @param fnir the false negative identification rate, in [0, 1]
 */
public record IdentificationErrors(double threshold, double fpir, double fnir) {}
