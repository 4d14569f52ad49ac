// SPDX-License-Identifier: Apache-2.0
/**
 * Packs of model files: the bundled pack {@code lite}, opened from the class path, and packs that
 * are fetched on demand, verified and kept. Start with {@link io.omote.face.models.ModelZoo}.
 */
@NullMarked
package io.omote.face.models;

import org.jspecify.annotations.NullMarked;
