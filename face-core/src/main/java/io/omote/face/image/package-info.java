// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures: header probe, limits, decoding, and the sampler that fills the input of a network.
 *
 * <p>Inner: not part of the API, and free to change in any release.
 */
@NullMarked
package io.omote.face.image;

import org.jspecify.annotations.NullMarked;
