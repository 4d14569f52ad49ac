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
 * The limits that an image must meet to become a reference in a gallery, for some of the measured
 * properties. A poor probe spoils one search; a poor reference spoils every later one.
 *
 * <pre>{@code
 * List<EnrollmentGate.Shortfall> shortfalls =
 *     EnrollmentGate.defaults().check(MeasuredQuality.of(image, face));
 * shortfalls.forEach(shortfall -> System.out.println(shortfall.message()));
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
   * Returns the default limits; docs/analysis.md has the measurements behind them. There is no
   * limit for the score of the detector, because scores of different detectors are not comparable,
   * nor for the roll, which alignment removes, nor for eyes and mouth, which need a mesh.
   *
   * @return the gate
   */
  public static EnrollmentGate defaults() {
    return DEFAULTS;
  }

  /**
   * Returns a gate with another limit.
   *
   * @param property the property
   * @param limit the minimum if more is better, otherwise the maximum; for an angle, the maximum to
   *     either side
   * @return a copy with this change
   * @throws IllegalArgumentException if the limit is negative or not finite
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
   * Returns a gate without a limit.
   *
   * @param property the property that may have any value
   * @return a copy with this change
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
   * Returns the limits.
   *
   * @return the limit of each property that has one; an immutable map
   */
  public Map<Property, Double> limits() {
    return limits;
  }

  /**
   * Compares an image with the limits.
   *
   * @param quality the measured quality
   * @return the properties that fail, in their order; empty if the image passes
   * @throws IllegalArgumentException if a property that has a limit was not measured, because it
   *     needs a mesh ({@link MeasuredQuality#with(FaceMesh)})
   */
  public List<Shortfall> check(MeasuredQuality quality) {
    return limits.entrySet().stream()
        .map(limit -> new Shortfall(limit.getKey(), quality.get(limit.getKey()), limit.getValue()))
        .filter(Shortfall::isReal)
        .toList();
  }

  /**
   * A property that does not meet its limit.
   *
   * @param property the property
   * @param found its value
   * @param limit the minimum if more is better, otherwise the maximum
   */
  public record Shortfall(Property property, double found, double limit) {
    /**
     * Checks the numbers.
     *
     * @param property the property
     * @param found its value
     * @param limit the limit
     * @throws IllegalArgumentException if a number is not finite
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
     * Returns a message for people.
     *
     * @return a text that states the limit, the value, and how to improve the image
     */
    public String message() {
      // Three digits are enough for people, unless the numbers differ only in later ones.
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
   * Returns a description with the limits.
   *
   * @return the description
   */
  @Override
  public String toString() {
    return "EnrollmentGate" + limits;
  }
}
