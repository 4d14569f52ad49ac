// SPDX-License-Identifier: Apache-2.0
/** Finding faces: decoding of network outputs, the Translators, the detectors. */
@NullMarked
package io.omote.face.detection;

import org.jspecify.annotations.NullMarked;
