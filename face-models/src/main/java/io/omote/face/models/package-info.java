// SPDX-License-Identifier: Apache-2.0
/**
 * Packs of model files: the bundled packs {@code lite} and {@code lite-fast}, which are read from
 * the class path, and packs that are fetched on request, verified and stored. Start with {@link
 * io.omote.face.models.ModelZoo}.
 */
@NullMarked
package io.omote.face.models;

import org.jspecify.annotations.NullMarked;
