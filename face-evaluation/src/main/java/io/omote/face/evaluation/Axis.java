// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An axis of a plot. A logarithmic axis has no 0, so a rate of 0 has a place of its own beside the
 * axis, with a text that says how many trials had no error. Immutable and thread-safe.
 *
 * @param title what is on the axis
 * @param from the least value
 * @param to the greatest value
 * @param isLogarithmic whether the axis is logarithmic
 * @param none the text for the place of 0, null if the axis has no such place
 * @param ticks the labeled values, ascending, at least two
 */
record Axis(
    String title,
    double from,
    double to,
    boolean isLogarithmic,
    @Nullable String none,
    List<Tick> ticks) {
  /** The number of labels that an axis has at most. */
  private static final int LABELS = 6;

  /**
   * A labeled value.
   *
   * @param value the value
   * @param label its label
   */
  record Tick(double value, String label) {}

  /** Returns an axis of similarities, from -1 to 1. */
  static Axis ofSimilarity() {
    return linear("similarity (cosine)", -1, 1, 0.5, "%s", 1);
  }

  /**
   * Returns a linear axis of shares from 0, with labels in percent.
   *
   * @param most the greatest share
   */
  static Axis ofShare(String title, double most) {
    double to = most > 0 ? most : 0.01;
    double step = niceStep(to / LABELS);
    return linear(title, 0, Math.ceil(to / step - 1e-9) * step, step, "%s %%", 100);
  }

  private static Axis linear(
      String title, double from, double to, double step, String pattern, double unit) {
    List<Tick> ticks = new ArrayList<>();
    for (long i = Math.round(from / step); i <= Math.round(to / step); i++) {
      double value = i * step;
      ticks.add(new Tick(value, String.format(Locale.ROOT, pattern, plain(unit * value))));
    }
    return new Axis(title, from, to, false, null, List.copyOf(ticks));
  }

  /** Returns the least of 1, 2 and 5 times a power of ten that is not below a value. */
  private static double niceStep(double value) {
    double decade = Math.pow(10, Math.floor(Math.log10(value)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * decade >= value * (1 - 1e-9)) {
        return factor * decade;
      }
    }
    return 10 * decade;
  }

  /**
   * Returns a logarithmic axis of error rates up to 1, from the decade below one error.
   *
   * @param trials the number of trials, which gives the lowest rate that can be measured
   * @param none the text for a rate of 0
   */
  static Axis ofErrorRate(String title, long trials, String none) {
    int decades = (int) Math.max(1, Math.ceil(Math.log10(Math.max(1, trials)) - 1e-9));
    // With few decades, their labels alone would be too few.
    double[] factors = decades <= 2 ? new double[] {1, 2, 5} : new double[] {1};
    List<Tick> ticks = new ArrayList<>();
    for (int decade = -decades; decade <= 0; decade++) {
      for (double factor : factors) {
        double value = factor * Math.pow(10, decade);
        if (value <= 1) {
          ticks.add(new Tick(value, plain(100 * value) + " %"));
        }
      }
    }
    return new Axis(title, Math.pow(10, -decades), 1, true, none, List.copyOf(ticks));
  }

  /** Returns a number without an exponent and without the noise of binary fractions. */
  static String plain(double value) {
    return new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toPlainString();
  }

  /** Returns whether a value belongs to the place of 0. */
  boolean isZero(double value) {
    return none != null && value <= 0;
  }

  /** Returns where a value is on the axis, from 0 to 1. */
  double share(double value) {
    double within = Math.max(from, Math.min(to, value));
    return isLogarithmic
        ? Math.log(within / from) / Math.log(to / from)
        : (within - from) / (to - from);
  }

  /**
   * Returns the labels that fit, at regular distances, so that the greatest one stays.
   *
   * @param most the number for which there is room; at least two are returned
   */
  List<Tick> ticks(int most) {
    int every = 1;
    while (ticks.size() / every + (ticks.size() % every == 0 ? 0 : 1) > Math.max(2, most)) {
      every++;
    }
    List<Tick> fitting = new ArrayList<>();
    for (int i = ticks.size() - 1; i >= 0; i -= every) {
      fitting.add(0, ticks.get(i));
    }
    return fitting;
  }
}
