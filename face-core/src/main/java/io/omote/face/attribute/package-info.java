// SPDX-License-Identifier: Apache-2.0
/**
 * The answers of analyzers: small values with their units. {@link io.omote.face.FaceAnalyzer} gives
 * them; {@link io.omote.face.attribute.HeadPose} and {@link
 * io.omote.face.attribute.MeasuredQuality} are computed without a network.
 */
@NullMarked
package io.omote.face.attribute;

import org.jspecify.annotations.NullMarked;
