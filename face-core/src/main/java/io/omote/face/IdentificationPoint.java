// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.ErrorRate;
import java.util.Optional;

/**
 * A threshold for a gallery of a size, and what it costs. Immutable and thread-safe.
 *
 * @param threshold the similarity from which on a person counts as found, in [-1, 1]
 * @param samples the number of samples that it holds for
 * @param fpir the false positive identification rate: how often somebody who is not in the gallery
 *     is taken for somebody who is. It is reckoned as {@code 1 - (1 - FMR)^samples} from the false
 *     match rate at the threshold, and so are its bounds; its trials are the comparisons that the
 *     false match rate was measured with. Empty where the caller chose the threshold
 */
public record IdentificationPoint(double threshold, int samples, Optional<ErrorRate> fpir) {}
