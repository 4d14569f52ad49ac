// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;

/**
 * The exact confidence interval of a binomial proportion (C. J. Clopper, E. S. Pearson, "The use of
 * confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26, 1934).
 *
 * <p>It covers the true rate in at least 95 % of all experiments for every rate and number of
 * trials, even for rare errors, where the shorter intervals (Wald, Wilson) do not. Like those it
 * assumes independent trials.
 */
final class ClopperPearson {
  /** The probability left out on each side. */
  private static final double TAIL = 0.025;

  /** Above this, Stirling's series is as exact as a sum of that many logarithms, and faster. */
  private static final long MANY = 100_000;

  private ClopperPearson() {}

  /** Returns the rate with its 95 % interval. */
  static ErrorRate rate(long errors, long trials) {
    double value = (double) errors / trials;
    double lower = 1 - upper(trials - errors, trials);
    return new ErrorRate(
        value, Math.min(value, Math.max(0, lower)), Math.max(value, upper(errors, trials)), trials);
  }

  /** Returns the rate at which at most this many errors occur with the probability of one tail. */
  private static double upper(long errors, long trials) {
    if (errors == trials) {
      return 1;
    }
    double logChoices = logBinomial(trials, Math.min(errors, trials - errors));
    double low = (double) errors / trials;
    double high = 1;
    for (double middle = (low + high) / 2;
        low < middle && middle < high;
        middle = (low + high) / 2) {
      if (probabilityOfAtMost(errors, trials, middle, logChoices) > TAIL) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** Sums the lower tail of the binomial distribution from its largest term downwards. */
  private static double probabilityOfAtMost(
      long errors, long trials, double rate, double logChoices) {
    double term =
        Math.exp(logChoices + errors * Math.log(rate) + (trials - errors) * Math.log1p(-rate));
    double odds = (1 - rate) / rate;
    double sum = term;
    for (long i = errors; i > 0 && term > sum * 1e-17; i--) {
      term *= odds * i / (trials - i + 1);
      sum += term;
    }
    return sum;
  }

  private static double logBinomial(long n, long k) {
    if (k > MANY) {
      return stirling(n, k);
    }
    double log = 0;
    for (long i = 0; i < k; i++) {
      log += Math.log((double) (n - i) / (i + 1));
    }
    return log;
  }

  /** Evaluates Stirling's series with its first correction, avoiding cancellation. */
  private static double stirling(double n, double k) {
    double rest = n - k;
    return k * Math.log(n / k)
        - rest * Math.log1p(-k / n)
        + Math.log(n / (2 * Math.PI * k * rest)) / 2
        + (1 / n - 1 / k - 1 / rest) / 12;
  }
}
