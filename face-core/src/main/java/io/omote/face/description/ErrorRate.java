// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.util.Locale;

/**
 * An error rate estimated from trials, with its confidence bounds.
 *
 * <p>Immutable and thread-safe.
 *
 * @param value errors over trials, in [0, 1]
 * @param lower the lower bound of the 95 % confidence interval, in [0, value]
 * @param upper the upper bound of the 95 % confidence interval, in [value, 1]
 * @param trials the number of trials; 0 if a published figure does not state it
 */
public record ErrorRate(double value, double lower, double upper, long trials) {
  /**
   * Checks the numbers.
   *
   * @param value errors over trials, in [0, 1]
   * @param lower the lower bound of the 95 % confidence interval, in [0, value]
   * @param upper the upper bound of the 95 % confidence interval, in [value, 1]
   * @param trials the number of trials; 0 if a published figure does not state it
   * @throws IllegalArgumentException unless 0 &lt;= lower &lt;= value &lt;= upper &lt;= 1, or if
   *     the number of trials is negative
   */
  public ErrorRate {
    if (!(0 <= lower && lower <= value && value <= upper && upper <= 1) || trials < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected 0 <= lower <= value <= upper <= 1 and no negative number of trials, found %s, %s, %s and %s",
              lower,
              value,
              upper,
              trials));
    }
  }

  /**
   * Returns a published rate whose trials and bounds are unknown.
   *
   * @param value the rate, in [0, 1]
   * @return the rate with bounds of 0 and 1
   */
  public static ErrorRate published(double value) {
    return new ErrorRate(value, 0, 1, 0);
  }

  /**
   * Returns whether there were enough trials to support a claim about a rate: zero errors in n
   * trials only exclude rates above about 3/n (the rule of three). A published rate without trials
   * is trusted.
   *
   * @param rate the rate, in (0, 1]
   * @return true if there are at least {@link #trialsFor} trials, or their number is unknown
   */
  public boolean supports(double rate) {
    return trials == 0 || trials >= trialsFor(rate) * (1 - 1e-12);
  }

  /**
   * Returns the number of trials that a claim about a rate requires.
   *
   * @param rate the rate, in (0, 1]
   * @return 3/rate
   */
  public static double trialsFor(double rate) {
    return 3 / rate;
  }
}
