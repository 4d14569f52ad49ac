// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import java.time.Duration;

/**
 * How long a transfer may take. Immutable and thread-safe.
 *
 * @param connect the longest wait for a connection
 * @param idle the longest wait for an answer or for the next bytes of one
 * @param deadline the longest time for everything that one fetch transfers
 * @param backOff the pause before the second attempt; it doubles with each further one
 */
public record HttpLimits(Duration connect, Duration idle, Duration deadline, Duration backOff) {
  /** Limits for slow but working connections. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofMillis(500));

  /**
   * Checks that all are positive.
   *
   * @param connect the longest wait for a connection
   * @param idle the longest wait for an answer or for the next bytes of one
   * @param deadline the longest time for everything that one fetch transfers
   * @param backOff the pause before the second attempt; it doubles with each further one
   * @throws IllegalArgumentException if one is not
   */
  public HttpLimits {
    for (Duration limit : new Duration[] {connect, idle, deadline, backOff}) {
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException("expected positive time limits, found " + limit);
      }
    }
  }
}
