// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.description.OperatingPoint;
import java.util.Optional;

/**
 * What a {@link FaceMatcher.Builder} was told, each option for itself: what follows from several of
 * them is decided when the matcher is opened. Immutable and thread-safe.
 *
 * @param threshold the similarity at which two faces count as the same person, where it was given
 * @param operatingPoint what the threshold is taken from, where it was given; of the network in use
 * @param selection which face of several counts
 * @param imageOptions what is accepted as an image
 * @param warmUp whether both networks run once at first
 * @param network how both networks are run, and how many calls of the matcher work at a time
 */
record MatcherOptions(
    Optional<Double> threshold,
    Optional<OperatingPoint> operatingPoint,
    FaceSelection selection,
    ImageOptions imageOptions,
    boolean warmUp,
    NetworkOptions network) {

  static MatcherOptions defaults() {
    return new MatcherOptions(
        Optional.empty(),
        Optional.empty(),
        FaceSelection.CENTRAL,
        ImageOptions.defaults(),
        false,
        NetworkOptions.defaults());
  }

  MatcherOptions withThreshold(double similarity) {
    return new MatcherOptions(
        Optional.of(Checks.threshold(similarity)),
        operatingPoint,
        selection,
        imageOptions,
        warmUp,
        network);
  }

  MatcherOptions withOperatingPoint(OperatingPoint point) {
    return new MatcherOptions(
        threshold, Optional.of(point), selection, imageOptions, warmUp, network);
  }

  MatcherOptions withSelection(FaceSelection which) {
    return new MatcherOptions(threshold, operatingPoint, which, imageOptions, warmUp, network);
  }

  MatcherOptions withImageOptions(ImageOptions options) {
    return new MatcherOptions(threshold, operatingPoint, selection, options, warmUp, network);
  }

  MatcherOptions withWarmUp(boolean run) {
    return new MatcherOptions(threshold, operatingPoint, selection, imageOptions, run, network);
  }

  MatcherOptions withNetwork(NetworkOptions options) {
    return new MatcherOptions(threshold, operatingPoint, selection, imageOptions, warmUp, options);
  }

  /**
   * The threshold that was given, or that of the model.
   *
   * @param ofModel the model's
   */
  double thresholdOr(double ofModel) {
    return threshold.or(() -> operatingPoint.map(OperatingPoint::threshold)).orElse(ofModel);
  }
}
