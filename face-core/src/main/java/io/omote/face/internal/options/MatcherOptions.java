// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.options;

import io.omote.face.FaceSelection;
import io.omote.face.ImageOptions;
import io.omote.face.description.OperatingPoint;
import java.util.Optional;

/**
 * The options of a matcher, each as it was set: opening the matcher decides what follows from
 * several of them. Immutable and thread-safe.
 *
 * @param threshold the minimum similarity at which two faces are considered the same person
 * @param operatingPoint the operating point whose threshold decides
 * @param selection which face of several counts
 * @param imageOptions the limits on images
 * @param warmUp whether both networks run once when the matcher opens
 * @param network the options of both networks, and of the calls of the matcher
 */
public record MatcherOptions(
    Optional<Double> threshold,
    Optional<OperatingPoint> operatingPoint,
    FaceSelection selection,
    ImageOptions imageOptions,
    boolean warmUp,
    NetworkOptions network) {

  /** Returns the threshold that was set, or the one of the model. */
  public double thresholdOr(double ofModel) {
    return threshold.or(() -> operatingPoint.map(OperatingPoint::threshold)).orElse(ofModel);
  }
}
