// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

/**
 * A comparison of two images. Immutable and thread-safe.
 *
 * @param first the index of one image
 * @param second the index of the other
 * @param mated whether both show the same person
 * @param fold the index of the fold, 0 where there are none
 */
public record Comparison(int first, int second, boolean mated, int fold) {}
