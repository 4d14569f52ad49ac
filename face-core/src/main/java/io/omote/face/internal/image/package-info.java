// SPDX-License-Identifier: Apache-2.0
/**
 * Images: header probe, limits, decoding, and the sampler that fills the input of a network.
 *
 * <p>Inner: not part of the API, and free to change in any release.
 */
@NullMarked
package io.omote.face.internal.image;

import org.jspecify.annotations.NullMarked;
