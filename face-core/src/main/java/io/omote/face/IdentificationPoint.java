// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.ErrorRate;
import java.util.Optional;

/**
 * The threshold for a gallery of a given size, with its error rate. Immutable and thread-safe.
 *
 * @param threshold the minimum similarity at which a probe is identified, in [-1, 1]
 * @param samples the number of samples in the gallery
 * @param fpir the false positive identification rate (FPIR): how often a probe of a person who is
 *     not in the gallery is identified as somebody. It is computed as {@code 1 - (1 - FMR)^samples}
 *     from the false match rate at the threshold, as are its bounds; its trials are the comparisons
 *     that the false match rate was measured with. Empty if the caller chose the threshold
 */
public record IdentificationPoint(double threshold, int samples, Optional<ErrorRate> fpir) {}
