// SPDX-License-Identifier: Apache-2.0
/**
 * Images: reading headers, limits, decoding, and the sampler that fills the input of a network.
 *
 * <p>Internal: not part of the API, may change in any release.
 */
@NullMarked
package io.omote.face.internal.image;

import org.jspecify.annotations.NullMarked;
