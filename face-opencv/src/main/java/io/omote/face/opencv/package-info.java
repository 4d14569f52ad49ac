// SPDX-License-Identifier: Apache-2.0
/**
 * The decoder by OpenCV, which face-core finds as a service.
 *
 * <p>Internal: not part of the API, may change in any release.
 */
@NullMarked
package io.omote.face.opencv;

import org.jspecify.annotations.NullMarked;
