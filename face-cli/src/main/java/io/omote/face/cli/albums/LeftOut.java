// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import io.omote.face.attribute.EnrollmentGate;
import io.omote.face.attribute.MeasuredQuality.Property;
import java.util.List;
import java.util.Map;

/** The reasons for which faces are left out of albums. Stateless and thread-safe. */
public final class LeftOut {
  private static final Map<Property, String> REASONS =
      Map.of(
          Property.INTER_EYE_DISTANCE, "too small",
          Property.SHARPNESS, "blurred",
          Property.UNDER_EXPOSURE, "too dark",
          Property.OVER_EXPOSURE, "too bright",
          Property.CONTRAST, "too little contrast",
          Property.YAW, "turned away",
          Property.OUTSIDE_SHARE, "cut off",
          Property.DETECTOR_SCORE, "not surely a face");

  private LeftOut() {}

  /** Returns the reasons for people; none if the face is good enough. */
  public static List<String> reasons(List<EnrollmentGate.Shortfall> shortfalls) {
    return shortfalls.stream()
        .map(EnrollmentGate.Shortfall::property)
        .map(property -> REASONS.getOrDefault(property, property.label()))
        .toList();
  }
}
