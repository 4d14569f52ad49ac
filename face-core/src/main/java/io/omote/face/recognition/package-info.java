// SPDX-License-Identifier: Apache-2.0
/** Aligning and embedding faces: the Translator and the embedder. */
@NullMarked
package io.omote.face.recognition;

import org.jspecify.annotations.NullMarked;
