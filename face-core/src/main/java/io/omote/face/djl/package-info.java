// SPDX-License-Identifier: Apache-2.0
/**
 * Translators for users of DJL's own API. Face detection and recognition without DJL start at
 * {@link io.omote.face.FaceMatcher}.
 *
 * <pre>{@code
 * Criteria<Image, DetectedObjects> criteria =
 *     Criteria.builder()
 *         .setTypes(Image.class, DetectedObjects.class)
 *         .optEngine("OnnxRuntime")
 *         .optModelPath(file)
 *         .optTranslator(FaceDetectionTranslator.of(ScrfdModel.of(file), 640))
 *         .build();
 * }</pre>
 */
@NullMarked
package io.omote.face.djl;

import org.jspecify.annotations.NullMarked;
