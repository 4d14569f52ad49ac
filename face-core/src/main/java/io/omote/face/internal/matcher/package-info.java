// SPDX-License-Identifier: Apache-2.0
/** The matcher: a detector and an embedder, opened together and run one after the other. */
@NullMarked
package io.omote.face.internal.matcher;

import org.jspecify.annotations.NullMarked;
