// SPDX-License-Identifier: Apache-2.0
/**
 * What analyzers say of a face: small values with their units. {@link io.omote.face.FaceAnalyzer}
 * makes them.
 */
@NullMarked
package io.omote.face.attribute;

import org.jspecify.annotations.NullMarked;
