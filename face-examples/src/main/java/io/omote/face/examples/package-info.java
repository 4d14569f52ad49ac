// SPDX-License-Identifier: Apache-2.0
/** Programs of at most 40 lines, one idea each. */
@NullMarked
package io.omote.face.examples;

import org.jspecify.annotations.NullMarked;
