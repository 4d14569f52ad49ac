// SPDX-License-Identifier: Apache-2.0
/**
 * Measurements: benchmarks of stages and whole calls, each with its baseline, comparisons with
 * other libraries, the effects of the faster options, and the growth of memory over time.
 */
@NullMarked
package io.omote.face.benchmarks;

import org.jspecify.annotations.NullMarked;
