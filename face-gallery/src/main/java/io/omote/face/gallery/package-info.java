// SPDX-License-Identifier: Apache-2.0
/** Galleries that last. */
@NullMarked
package io.omote.face.gallery;

import org.jspecify.annotations.NullMarked;
