// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

/**
 * A point of the detection error trade-off curve. Immutable and thread-safe.
 *
 * @param threshold the similarity from which on two faces count as the same person
 * @param fmr the false match rate there, in [0, 1]
 * @param fnmr the false non-match rate there, failures to acquire included, in [0, 1]
 */
public record DetPoint(double threshold, double fmr, double fnmr) {}
