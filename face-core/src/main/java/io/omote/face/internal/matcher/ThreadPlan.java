// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.matcher;

import io.omote.face.internal.options.NetworkOptions;
import java.time.Duration;

/**
 * The options of a matcher's two networks, and whether the two images of a comparison are embedded
 * in parallel. Two images in parallel, each with half of the processors, take less time than one
 * after the other with all of them. Immutable and thread-safe.
 *
 * @param detection the options of the detector
 * @param embedding the options of the recognizer
 * @param parallel whether the images may be embedded in parallel
 */
public record ThreadPlan(NetworkOptions detection, NetworkOptions embedding, boolean parallel) {

  /**
   * Creates the plan that follows from all options together, in whichever order they were set.
   *
   * @param both the options of both networks
   * @param detectorOnly the options set for the detector alone, which take precedence
   */
  public static ThreadPlan of(NetworkOptions both, NetworkOptions detectorOnly) {
    int processors = Runtime.getRuntime().availableProcessors();
    boolean parallel =
        !both.isThreadsSet()
            && processors > 1
            && canLendTurn(both)
            && canLendTurn(detectorOnly.or(both));
    NetworkOptions embedding = parallel ? both.withThreads(processors / 2) : both;
    return new ThreadPlan(detectorOnly.or(embedding), embedding, parallel);
  }

  /**
   * Returns whether one call may take two turns: not where there is only one, nor where another
   * call would need it at once.
   */
  private static boolean canLendTurn(NetworkOptions network) {
    return network.maxConcurrentCalls() > 1
        && !network.maxWait().map(Duration::isZero).orElse(false);
  }
}
