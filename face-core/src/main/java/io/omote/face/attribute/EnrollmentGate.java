// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import io.omote.face.attribute.MeasuredQuality.Property;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an image must be like to become somebody's reference: a limit for some of the measured
 * properties. A bad probe costs one answer; a bad reference costs all later ones.
 *
 * <pre>{@code
 * List<EnrollmentGate.Shortfall> wrong = EnrollmentGate.defaults().check(quality);
 * wrong.forEach(shortfall -> System.out.println(shortfall.message()));
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class EnrollmentGate {
  private static final EnrollmentGate DEFAULTS = new EnrollmentGate(defaultLimits());

  private final Map<Property, Double> limits;

  private EnrollmentGate(Map<Property, Double> limits) {
    this.limits = Collections.unmodifiableMap(limits);
  }

  private static Map<Property, Double> defaultLimits() {
    Map<Property, Double> limits = new EnumMap<>(Property.class);
    limits.put(Property.INTER_EYE_DISTANCE, 16.0);
    limits.put(Property.SHARPNESS, 15.0);
    limits.put(Property.UNDER_EXPOSURE, 0.5);
    limits.put(Property.OVER_EXPOSURE, 0.3);
    limits.put(Property.CONTRAST, 10.0);
    limits.put(Property.YAW, 45.0);
    limits.put(Property.OUTSIDE_SHARE, 0.05);
    return limits;
  }

  /**
   * The limits that docs/analysis.md gives the measurements for. The score of a detector is not
   * among them, because scores of different detectors do not compare, and neither is the roll,
   * which alignment takes out.
   *
   * @return the gate
   */
  public static EnrollmentGate defaults() {
    return DEFAULTS;
  }

  /**
   * With another limit.
   *
   * @param property the property
   * @param limit the least value where more is better, the greatest where less is; of angles to
   *     either side
   * @return a gate with that limit
   * @throws IllegalArgumentException if the limit is not a finite number, 0 or more
   */
  public EnrollmentGate with(Property property, double limit) {
    if (!(limit >= 0) || Double.isInfinite(limit)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a limit of 0 or more for the %s, found %s",
              property.label(),
              limit));
    }
    Map<Property, Double> changed = copy();
    changed.put(property, limit);
    return new EnrollmentGate(changed);
  }

  /**
   * Without a limit.
   *
   * @param property the property that may have any value
   * @return a gate without that limit
   */
  public EnrollmentGate without(Property property) {
    Map<Property, Double> changed = copy();
    changed.remove(Objects.requireNonNull(property, "property"));
    return new EnrollmentGate(changed);
  }

  private Map<Property, Double> copy() {
    Map<Property, Double> copy = new EnumMap<>(Property.class);
    copy.putAll(limits);
    return copy;
  }

  /**
   * The limits.
   *
   * @return the limit of each property that has one; immutable
   */
  public Map<Property, Double> limits() {
    return limits;
  }

  /**
   * Compares an image with the limits.
   *
   * @param quality what was measured
   * @return what falls short, in the order of the properties; empty where the image passes
   */
  public List<Shortfall> check(MeasuredQuality quality) {
    return limits.entrySet().stream()
        .map(limit -> new Shortfall(limit.getKey(), quality.get(limit.getKey()), limit.getValue()))
        .filter(Shortfall::isReal)
        .toList();
  }

  /**
   * A property that keeps an image out.
   *
   * @param property which
   * @param found its value
   * @param limit the least value where more is better, the greatest where less is
   */
  public record Shortfall(Property property, double found, double limit) {
    /**
     * Checks the numbers.
     *
     * @param property which
     * @param found its value
     * @param limit the limit
     * @throws IllegalArgumentException if one is not finite
     */
    public Shortfall {
      Objects.requireNonNull(property, "property");
      if (!Double.isFinite(found) || !Double.isFinite(limit)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "expected two finite numbers, found %s and %s", found, limit));
      }
    }

    private boolean isReal() {
      return property.higherIsBetter() ? found < limit : Math.abs(found) > limit;
    }

    /**
     * Says it in words.
     *
     * @return what was expected, what was found, what to do
     */
    public String message() {
      // Three digits are enough for people, unless the two numbers differ only after them.
      String expected = brief(limit);
      String actual = brief(found);
      boolean alike = expected.equals(brief(Math.abs(found)));
      return String.format(
          Locale.ROOT,
          "expected %s %s of at %s %s%s%s, found %s: %s",
          property.label().matches("[aeiou].*") ? "an" : "a",
          property.label(),
          property.higherIsBetter() ? "least" : "most",
          alike ? limit : expected,
          property.unit().isEmpty() ? "" : " " + property.unit(),
          property.isAngle() ? " to either side" : "",
          alike ? found : actual,
          property.advice());
    }

    private static String brief(double value) {
      return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EnrollmentGate that && limits.equals(that.limits);
  }

  @Override
  public int hashCode() {
    return limits.hashCode();
  }

  /**
   * Shows the limits.
   *
   * @return a text with each
   */
  @Override
  public String toString() {
    return "EnrollmentGate" + limits;
  }
}
