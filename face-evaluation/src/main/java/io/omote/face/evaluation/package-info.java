// SPDX-License-Identifier: Apache-2.0
/**
 * What a threshold costs: error rates, their confidence bounds and curves from the similarities of
 * mated comparisons (one person) and non-mated ones (two people).
 *
 * <p>Terms follow ISO/IEC 2382-37 and ISO/IEC 19795-1. Pure arithmetic: no image, no network and no
 * file is touched.
 */
@NullMarked
package io.omote.face.evaluation;

import org.jspecify.annotations.NullMarked;
