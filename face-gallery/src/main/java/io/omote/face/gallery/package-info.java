// SPDX-License-Identifier: Apache-2.0
/** Galleries that are stored: in a folder by Lucene, and in PostgreSQL. */
@NullMarked
package io.omote.face.gallery;

import org.jspecify.annotations.NullMarked;
