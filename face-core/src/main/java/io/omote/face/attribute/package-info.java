// SPDX-License-Identifier: Apache-2.0
/**
 * The results of analyzers: small values with units. {@link io.omote.face.FaceAnalyzer} returns
 * them; {@link io.omote.face.attribute.HeadPose} and {@link
 * io.omote.face.attribute.MeasuredQuality} are computed without a network.
 */
@NullMarked
package io.omote.face.attribute;

import org.jspecify.annotations.NullMarked;
