// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.description.OperatingPoint;
import io.omote.face.models.ModelZoo;

/** Prints the measured error rates of the bundled pack and selects one. No arguments. */
public class ChooseAThreshold {
  public static void main(String[] args) {
    FaceModels models = ModelZoo.lite();
    for (OperatingPoint point : models.operatingPoints()) {
      System.out.println(point.threshold() + ": " + point.fmr() + ", " + point.fnmr());
    }
    OperatingPoint strict = models.atFmr(1e-4); // throws if no measurement supports the rate
    try (FaceMatcher matcher = FaceMatcher.builder(models).operatingPoint(strict).build()) {
      System.out.println("selected: " + matcher.threshold());
    }
  }
}
