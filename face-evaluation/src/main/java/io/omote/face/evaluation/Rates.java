// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.description.ErrorRate;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Rates as people read them. Stateless and thread-safe. */
final class Rates {
  private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.HALF_UP);

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private Rates() {}

  /**
   * Returns a rate in percent, with two digits of its distance to 0 or 100 %, whichever is nearer:
   * more would be noise, and 99.96 % is not 100 %.
   */
  static String percent(double rate) {
    BigDecimal percent = new BigDecimal(100 * rate);
    BigDecimal nearer = percent.min(HUNDRED.subtract(percent)).round(TWO_DIGITS);
    if (nearer.signum() <= 0) {
      return (rate > 0.5 ? "100" : "0") + " %";
    }
    int decimals = Math.max(0, 2 - nearer.precision() + nearer.scale());
    return percent.setScale(decimals, RoundingMode.HALF_UP).toPlainString() + " %";
  }

  /** Returns a rate in percent with its bounds. */
  static String withBounds(ErrorRate rate) {
    return String.format(Locale.ROOT, "%s (%s)", percent(rate.value()), bounds(rate));
  }

  /** Returns the bounds of a rate, such as {@code 0.54 to 3.8}, in percent without the unit. */
  static String bounds(ErrorRate rate) {
    return String.format(
        Locale.ROOT,
        "%s to %s",
        percent(rate.lower()).replace(" %", ""),
        percent(rate.upper()).replace(" %", ""));
  }

  /** Returns the number of errors. */
  static long errors(ErrorRate rate) {
    return Math.round(rate.value() * rate.trials());
  }

  /** Returns a count with separators of thousands. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /**
   * Returns a sentence, such as {@code 5 of 300 searches failed (1.7 %)}.
   *
   * @param trials the trials
   * @param happened what an error did
   */
  static String sentence(ErrorRate rate, String trials, String happened) {
    long errors = errors(rate);
    String sentence =
        String.format(
            Locale.ROOT,
            "%s of %s %s %s",
            errors == 0 ? "none" : count(errors),
            count(rate.trials()),
            trials,
            happened);
    return errors == 0 ? sentence : sentence + " (" + percent(rate.value()) + ")";
  }

  /** Returns the text for a rate of 0 on an axis. */
  static String none(long trials) {
    return "none of " + count(trials);
  }
}
