// SPDX-License-Identifier: Apache-2.0
/**
 * Finding faces: decoding of network outputs, the Translators, the detectors.
 *
 * <p>The Translators are for use through DJL's own API. All else is inner: not part of the API, and
 * free to change in any release.
 */
@NullMarked
package io.omote.face.detection;

import org.jspecify.annotations.NullMarked;
