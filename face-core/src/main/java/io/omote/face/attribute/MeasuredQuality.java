// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Properties of the image of a face, measured without a network: what a photographer could say of
 * it. They say what is wrong with an image, where the score of a network ({@link FaceQuality}) only
 * says how much.
 *
 * <p>Immutable and thread-safe.
 */
public final class MeasuredQuality {
  private final Map<QualityProperty, Double> values;

  private MeasuredQuality(Map<QualityProperty, Double> values) {
    this.values = values;
  }

  /**
   * Takes over measured values.
   *
   * @param values one for each property
   * @return the values
   * @throws IllegalArgumentException if one is missing or not finite
   */
  public static MeasuredQuality of(Map<QualityProperty, Double> values) {
    Map<QualityProperty, Double> copy = new EnumMap<>(QualityProperty.class);
    for (QualityProperty property : QualityProperty.values()) {
      Double value = values.get(property);
      if (value == null || !Double.isFinite(value)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "expected a finite number for the %s, found %s",
                property.label(),
                value));
      }
      copy.put(property, value);
    }
    return new MeasuredQuality(Collections.unmodifiableMap(copy));
  }

  /**
   * One property.
   *
   * @param property which
   * @return its value, in its unit
   */
  public double get(QualityProperty property) {
    return values.get(property);
  }

  /**
   * All properties.
   *
   * @return the value of each, in the order of the enumeration; immutable
   */
  public Map<QualityProperty, Double> values() {
    return values;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MeasuredQuality that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /**
   * Shows the values.
   *
   * @return a text without biometric data
   */
  @Override
  public String toString() {
    return "MeasuredQuality" + values;
  }
}
