// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * A person that a search found, with the sample most similar to the probe. Immutable and
 * thread-safe.
 *
 * @param person the name of the person
 * @param sample the name of the most similar sample of that person
 * @param similarity the similarity of the sample and the probe, in [-1, 1], the same number that
 *     {@link FaceEmbedding#similarity} gives
 */
public record Candidate(String person, String sample, double similarity) {}
