// SPDX-License-Identifier: Apache-2.0
/** Packs of model files: the bundled pack {@code lite}, opened from the class path. */
@NullMarked
package io.omote.face.models;

import org.jspecify.annotations.NullMarked;
