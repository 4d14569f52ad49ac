// SPDX-License-Identifier: Apache-2.0
/** Exact search, neighbors and grouping of embeddings. */
@NullMarked
package io.omote.face.internal.search;

import org.jspecify.annotations.NullMarked;
