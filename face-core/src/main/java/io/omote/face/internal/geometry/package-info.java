// SPDX-License-Identifier: Apache-2.0
/**
 * Pure plane geometry: affine maps, letterbox, similarity transform, suppression. Arrays in, arrays
 * out, JDK only.
 *
 * <p>Inner: not part of the API, and free to change in any release.
 */
@NullMarked
package io.omote.face.internal.geometry;

import org.jspecify.annotations.NullMarked;
