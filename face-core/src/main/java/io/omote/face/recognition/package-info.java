// SPDX-License-Identifier: Apache-2.0
/**
 * Aligning and embedding faces: the Translator and the embedder.
 *
 * <p>The Translators are for use through DJL's own API. All else is inner: not part of the API, and
 * free to change in any release.
 */
@NullMarked
package io.omote.face.recognition;

import org.jspecify.annotations.NullMarked;
