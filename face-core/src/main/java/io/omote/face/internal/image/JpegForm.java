// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of a JPEG file, as far as it decides how it is decoded.
 *
 * <p>Immutable and thread-safe.
 *
 * @param colors the meaning of its components, as OpenCV takes it
 * @param firstScan the place of the first scan in the parts that a decoder receives
 * @param corrections the bytes that have no effect, but about which a decoder would warn
 * @param isInOneScan whether it is decoded in one pass, as most files are
 * @param obstacle what keeps the JDK's decoder from giving the pixels of OpenCV, in words; null if
 *     it gives them
 */
public record JpegForm(
    Colors colors,
    int firstScan,
    List<Correction> corrections,
    boolean isInOneScan,
    @Nullable String obstacle) {

  /**
   * The value that a byte should have.
   *
   * @param at the place of the byte in the parts that a decoder receives
   * @param value the value
   */
  record Correction(int at, byte value) {}

  /** The meaning of components, with the number by which Adobe's marker declares it. */
  enum Colors {
    GRAY(1),
    YCBCR(1),
    RGB(0),
    CMYK(0),
    YCCK(2);

    private final int adobeTransform;

    Colors(int adobeTransform) {
      this.adobeTransform = adobeTransform;
    }

    int adobeTransform() {
      return adobeTransform;
    }

    /** Returns whether there are four, which the JDK's decoder gives as they are stored. */
    boolean isFour() {
      return this == CMYK || this == YCCK;
    }
  }

  /** Returns whether the JDK's decoder gives the pixels of OpenCV. */
  boolean isExactInJdk() {
    return obstacle == null;
  }
}
