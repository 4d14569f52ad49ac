// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * A person whom a search found, with the sample that is most like the probe. Immutable and
 * thread-safe.
 *
 * @param person who it is
 * @param sample the most similar sample of that person
 * @param similarity its similarity to the probe, in [-1, 1]: that of {@link
 *     FaceEmbedding#similarity}, bit for bit
 */
public record Candidate(String person, String sample, double similarity) {}
