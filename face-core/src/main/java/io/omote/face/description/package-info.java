// SPDX-License-Identifier: Apache-2.0
/**
 * Descriptions of networks: their files, the normalization of their input, and thresholds with
 * their error rates. Nothing here opens a network.
 */
@NullMarked
package io.omote.face.description;

import org.jspecify.annotations.NullMarked;
