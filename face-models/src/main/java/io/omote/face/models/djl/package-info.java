// SPDX-License-Identifier: Apache-2.0
/**
 * The packs for users of DJL's own API: {@code Criteria} find the detector and the recognizer of a
 * pack that was fetched. {@link io.omote.face.djl} has the Translators.
 *
 * <pre>{@code
 * Criteria<Image, DetectedObjects> criteria =
 *     Criteria.builder()
 *         .setTypes(Image.class, DetectedObjects.class)
 *         .optGroupId("io.omote")
 *         .optArtifactId("buffalo_l")
 *         .build();
 * }</pre>
 */
@NullMarked
package io.omote.face.models.djl;

import org.jspecify.annotations.NullMarked;
