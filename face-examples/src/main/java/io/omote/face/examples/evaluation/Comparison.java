// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.evaluation;

/**
 * A comparison of two pictures. Immutable and thread-safe.
 *
 * @param first the index of one picture
 * @param second the index of the other
 * @param mated whether both show the same person
 * @param fold the index of the fold, 0 where there are none
 */
public record Comparison(int first, int second, boolean mated, int fold) {}
