// SPDX-License-Identifier: Apache-2.0
/** How long things take: benchmarks of the stages and of the whole, each beside its baseline. */
@NullMarked
package io.omote.face.examples.benchmark;

import org.jspecify.annotations.NullMarked;
