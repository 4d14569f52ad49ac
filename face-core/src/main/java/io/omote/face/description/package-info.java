// SPDX-License-Identifier: Apache-2.0
/**
 * Descriptions: the files of networks, the families of detectors, how pixels become input, and
 * thresholds with their error rates. Nothing here opens a network.
 */
@NullMarked
package io.omote.face.description;

import org.jspecify.annotations.NullMarked;
