// SPDX-License-Identifier: Apache-2.0
/**
 * What things cost: benchmarks of the stages and of the whole, each beside its baseline, what the
 * faster options change, and whether memory grows over time.
 */
@NullMarked
package io.omote.face.benchmarks;

import org.jspecify.annotations.NullMarked;
