// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link PassDetector} needs to know of a family whose network gives faces in one run.
 * Immutable and thread-safe.
 *
 * @param name a noun phrase for messages
 * @param scoreThreshold the score from which on a face counts, by default
 * @param iouThreshold the overlap above which the lower of two boxes is dropped, by default
 * @param extent what suppression adds to the sides of a box
 * @param inputSizes the sides of the square inputs where the network's size is free, by default
 * @param recognizes whether a graph looks like a detector of this family that gives landmarks
 * @param check refuses a file of another kind
 * @param translators makes the Translator of one input size
 */
record PassFamily(
    String name,
    float scoreThreshold,
    float iouThreshold,
    float extent,
    List<Integer> inputSizes,
    Predicate<OnnxGraph> recognizes,
    Check check,
    Translators translators) {

  /** Refuses files. */
  interface Check {
    void of(OnnxFile file, boolean landmarksRequired);
  }

  /** Makes Translators. */
  interface Translators {
    /**
     * The Translator of one input size.
     *
     * @param size the input
     * @param scoreThreshold the score from which on a face counts
     * @param iouThreshold the overlap above which the lower of two boxes is dropped; null for one
     *     pass of several, which gives all candidates
     */
    FaceTranslator of(InputSize size, float scoreThreshold, @Nullable Float iouThreshold);
  }
}
