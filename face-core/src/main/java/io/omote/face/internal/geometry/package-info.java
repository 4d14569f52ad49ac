// SPDX-License-Identifier: Apache-2.0
/**
 * Pure plane geometry: affine maps, letterbox, similarity transform, suppression. It takes and
 * returns arrays, and uses only the JDK.
 *
 * <p>Internal: not part of the API, may change in any release.
 */
@NullMarked
package io.omote.face.internal.geometry;

import org.jspecify.annotations.NullMarked;
