// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

/**
 * The colors of JPEG files of four components: inks as Adobe stores them, inverted, in the
 * arithmetic of libjpeg and OpenCV.
 *
 * <p>Stateless and thread-safe.
 */
final class InvertedInks {
  /** The factors of ITU-T T.871, with 16 bits behind the point as in libjpeg. */
  private static final int RED_OF_CR = 91_881;

  private static final int GREEN_OF_CB = -22_554;
  private static final int GREEN_OF_CR = -46_802;
  private static final int BLUE_OF_CB = 116_130;
  private static final int HALF = 1 << 15;

  private InvertedInks() {}

  /**
   * Converts pixels.
   *
   * @param four four samples for each pixel: cyan, magenta, yellow, black
   * @param ycck whether the first three are inks converted to YCbCr
   * @param bgr the blue, green and red of each pixel, which are set
   */
  static void toBgr(byte[] four, boolean ycck, byte[] bgr) {
    for (int from = 0, to = 0; to < bgr.length; from += 4, to += 3) {
      int cyan = four[from] & 0xff;
      int magenta = four[from + 1] & 0xff;
      int yellow = four[from + 2] & 0xff;
      int black = four[from + 3] & 0xff;
      if (ycck) {
        int y = cyan;
        int cb = magenta - 128;
        int cr = yellow - 128;
        cyan = inverted(y + (RED_OF_CR * cr + HALF >> 16));
        magenta = inverted(y + (GREEN_OF_CB * cb + GREEN_OF_CR * cr + HALF >> 16));
        yellow = inverted(y + (BLUE_OF_CB * cb + HALF >> 16));
      }
      bgr[to] = (byte) light(yellow, black);
      bgr[to + 1] = (byte) light(magenta, black);
      bgr[to + 2] = (byte) light(cyan, black);
    }
  }

  private static int inverted(int sample) {
    return Math.max(0, Math.min(255, 255 - sample));
  }

  private static int light(int ink, int black) {
    return black - ((255 - ink) * black >> 8);
  }
}
