// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.model.OperatingPoint;
import java.util.Optional;

/**
 * What a {@link FaceMatcher.Builder} was told of the matcher itself. Immutable and thread-safe.
 *
 * @param threshold the similarity from which on two faces count as the same person
 * @param operatingPoint what the threshold was taken from, which must be of the network in use
 * @param selection which face of several counts
 * @param imageOptions what is accepted as a picture
 * @param warmUp whether both networks run once at first
 * @param maxConcurrentCalls how many calls work at a time
 * @param pairwise whether the two pictures of a comparison are embedded at a time, each by half of
 *     the processors
 */
record MatcherOptions(
    double threshold,
    Optional<OperatingPoint> operatingPoint,
    FaceSelection selection,
    ImageOptions imageOptions,
    boolean warmUp,
    int maxConcurrentCalls,
    boolean pairwise) {

  static MatcherOptions defaults(double threshold) {
    return new MatcherOptions(
        threshold,
        Optional.empty(),
        FaceSelection.CENTRAL,
        ImageOptions.defaults(),
        false,
        NetworkOptions.defaults().maxConcurrentCalls(),
        false);
  }

  MatcherOptions withThreshold(double similarity, Optional<OperatingPoint> point) {
    return new MatcherOptions(
        Checks.threshold(similarity),
        point,
        selection,
        imageOptions,
        warmUp,
        maxConcurrentCalls,
        pairwise);
  }

  MatcherOptions withSelection(FaceSelection which) {
    return new MatcherOptions(
        threshold, operatingPoint, which, imageOptions, warmUp, maxConcurrentCalls, pairwise);
  }

  MatcherOptions withImageOptions(ImageOptions options) {
    return new MatcherOptions(
        threshold, operatingPoint, selection, options, warmUp, maxConcurrentCalls, pairwise);
  }

  MatcherOptions withWarmUp(boolean run) {
    return new MatcherOptions(
        threshold, operatingPoint, selection, imageOptions, run, maxConcurrentCalls, pairwise);
  }

  MatcherOptions withMaxConcurrentCalls(int count) {
    return new MatcherOptions(
        threshold, operatingPoint, selection, imageOptions, warmUp, count, pairwise);
  }

  MatcherOptions withPairwise(boolean atATime) {
    return new MatcherOptions(
        threshold, operatingPoint, selection, imageOptions, warmUp, maxConcurrentCalls, atATime);
  }
}
