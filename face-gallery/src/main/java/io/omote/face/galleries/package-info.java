// SPDX-License-Identifier: Apache-2.0
/** Galleries that last. */
@NullMarked
package io.omote.face.galleries;

import org.jspecify.annotations.NullMarked;
