// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.util.Locale;

/**
 * The rule that turns 8-bit pixels into the input of a network: {@code (x - mean) / scale}, the
 * same for each channel.
 *
 * <p>Immutable and thread-safe.
 *
 * @param mean the number that is subtracted, in gray levels
 * @param scale the divisor, in gray levels
 */
public record Normalization(float mean, float scale) {

  /** Parameters for ArcFace networks as InsightFace publishes them: {@code (x - 127.5) / 127.5}. */
  public static final Normalization ARCFACE = new Normalization(127.5f, 127.5f);

  /**
   * Parameters for networks that normalize in their first layers, as old MXNet exports do: raw
   * pixels, 0 to 255.
   */
  public static final Normalization IN_GRAPH = new Normalization(0, 1);

  /**
   * Checks the numbers.
   *
   * @param mean the number that is subtracted, in gray levels
   * @param scale the divisor, in gray levels
   * @throws IllegalArgumentException if a number is not finite or the scale is not positive
   */
  public Normalization {
    if (!Float.isFinite(mean) || !Float.isFinite(scale) || scale <= 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a finite mean and a positive scale, found %s and %s",
              mean,
              scale));
    }
  }
}
