// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import java.time.Duration;

/**
 * Time limits of a transfer. Immutable and thread-safe.
 *
 * @param connect the longest wait for a connection
 * @param idle the longest wait for a response or for the next bytes of its body
 * @param deadline the longest time for all transfers of one fetch
 * @param backOff the pause before the second attempt; it doubles with each further one
 */
public record HttpLimits(Duration connect, Duration idle, Duration deadline, Duration backOff) {
  private static final HttpLimits DEFAULTS =
      new HttpLimits(
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofMillis(500));

  /**
   * Checks that all limits are positive.
   *
   * @param connect the longest wait for a connection
   * @param idle the longest wait for a response or for the next bytes of its body
   * @param deadline the longest time for all transfers of one fetch
   * @param backOff the pause before the second attempt; it doubles with each further one
   * @throws IllegalArgumentException if one is not positive
   */
  public HttpLimits {
    for (Duration limit : new Duration[] {connect, idle, deadline, backOff}) {
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException("expected a positive time limit, found " + limit);
      }
    }
  }

  /**
   * Returns the default limits, for connections that are slow but work.
   *
   * @return the limits
   */
  public static HttpLimits defaults() {
    return DEFAULTS;
  }

  /**
   * Returns a copy with another limit for connecting.
   *
   * @param limit the longest wait for a connection
   * @return the copy
   */
  public HttpLimits withConnect(Duration limit) {
    return new HttpLimits(limit, idle, deadline, backOff);
  }

  /**
   * Returns a copy with another limit for idle connections.
   *
   * @param limit the longest wait for a response or for the next bytes of its body
   * @return the copy
   */
  public HttpLimits withIdle(Duration limit) {
    return new HttpLimits(connect, limit, deadline, backOff);
  }

  /**
   * Returns a copy with another deadline.
   *
   * @param limit the longest time for all transfers of one fetch
   * @return the copy
   */
  public HttpLimits withDeadline(Duration limit) {
    return new HttpLimits(connect, idle, limit, backOff);
  }

  /**
   * Returns a copy with another first pause.
   *
   * @param pause the pause before the second attempt
   * @return the copy
   */
  public HttpLimits withBackOff(Duration pause) {
    return new HttpLimits(connect, idle, deadline, pause);
  }
}
