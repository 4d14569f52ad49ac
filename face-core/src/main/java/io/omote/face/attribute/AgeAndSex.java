// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import java.util.Locale;

/**
 * A network's estimate of a person's age and sex from the appearance of a face. The networks are
 * published without error rates, and their errors differ between groups of people.
 *
 * <p>Immutable and thread-safe.
 *
 * @param years the age in years, not rounded
 * @param female the logit of female; only its difference from that of male is meaningful
 * @param male the logit of male
 */
public record AgeAndSex(float years, float female, float male) {
  /** The sex that a network assigns to a face. */
  public enum Sex {
    /** Female. */
    FEMALE,
    /** Male. */
    MALE
  }

  /**
   * Checks the numbers.
   *
   * @param years the age in years
   * @param female the logit of female
   * @param male the logit of male
   * @throws IllegalArgumentException if a number is not finite
   */
  public AgeAndSex {
    if (!Float.isFinite(years) || !Float.isFinite(female) || !Float.isFinite(male)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "expected finite numbers, found %s, %s, %s", years, female, male));
    }
  }

  /**
   * Returns the age in whole years, rounded as InsightFace rounds it: halves to the even number.
   *
   * @return the age in years
   */
  public int age() {
    return (int) Math.rint(years);
  }

  /**
   * Returns the sex whose logit is larger.
   *
   * @return the sex; {@link Sex#FEMALE} if both are equal
   */
  public Sex sex() {
    return male > female ? Sex.MALE : Sex.FEMALE;
  }
}
