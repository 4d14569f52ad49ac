// SPDX-License-Identifier: Apache-2.0
package io.omote.face.attribute;

import java.util.Locale;

/**
 * What a network guesses of a person's age and sex from the looks of a face. It is a guess: the
 * networks are published without error rates, and err more for some people than for others.
 *
 * <p>Immutable and thread-safe.
 *
 * @param years the age in years, not rounded
 * @param female the logit of female: only the difference to the other one means something
 * @param male the logit of male
 */
public record AgeAndSex(float years, float female, float male) {
  /** The sex that a network takes a face for. */
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
   * @throws IllegalArgumentException if one is not finite
   */
  public AgeAndSex {
    if (!Float.isFinite(years) || !Float.isFinite(female) || !Float.isFinite(male)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "expected finite numbers, found %s, %s, %s", years, female, male));
    }
  }

  /**
   * The age in whole years, as InsightFace rounds it: halves to the even number.
   *
   * @return the age
   */
  public int age() {
    return (int) Math.rint(years);
  }

  /**
   * The sex whose logit is larger.
   *
   * @return the sex; {@link Sex#FEMALE} where both are equal
   */
  public Sex sex() {
    return male > female ? Sex.MALE : Sex.FEMALE;
  }
}
