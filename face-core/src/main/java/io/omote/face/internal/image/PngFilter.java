// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.util.zip.DataFormatException;

/**
 * The filters of PNG, which turn the differences of a row to the pixels on the left and above into
 * samples. Rows have a pixel of zeros on the left.
 *
 * <p>Frequent sizes of pixels have loops of their own, which keep the pixel on the left in
 * variables: the others wait for it to come back from memory.
 *
 * <p>Stateless and thread-safe.
 */
final class PngFilter {
  private static final int NONE = 0;
  private static final int SUB = 1;
  private static final int UP = 2;
  private static final int AVERAGE = 3;
  private static final int PAETH = 4;

  private PngFilter() {}

  /**
   * Undoes the filter of a row.
   *
   * @param filtered has the number of the filter, then the differences
   * @param from the index of the filter
   * @param row receives the samples
   * @param above the samples of the row above
   * @param pixel the number of bytes of a pixel, 1 if it has fewer than 8 bits
   * @param end the index behind the last sample in both rows
   * @throws DataFormatException if there is no such filter
   */
  static void undo(byte[] filtered, int from, byte[] row, byte[] above, int pixel, int end)
      throws DataFormatException {
    // The first difference belongs to the sample at the index of a pixel.
    int shift = from + 1 - pixel;
    switch (filtered[from]) {
      case NONE -> System.arraycopy(filtered, from + 1, row, pixel, end - pixel);
      case SUB -> sub(filtered, shift, row, pixel, end);
      case UP -> {
        for (int i = pixel; i < end; i++) {
          row[i] = (byte) (filtered[shift + i] + above[i]);
        }
      }
      case AVERAGE -> average(filtered, shift, row, above, pixel, end);
      case PAETH -> paeth(filtered, shift, row, above, pixel, end);
      default -> throw new DataFormatException("an unknown filter");
    }
  }

  private static void sub(byte[] filtered, int shift, byte[] row, int pixel, int end) {
    if (pixel == 1) {
      int left = 0;
      for (int i = 1; i < end; i++) {
        left += filtered[shift + i];
        row[i] = (byte) left;
      }
    } else if (pixel == 3) {
      int left0 = 0;
      int left1 = 0;
      int left2 = 0;
      for (int i = 3; i < end; i += 3) {
        left0 += filtered[shift + i];
        left1 += filtered[shift + i + 1];
        left2 += filtered[shift + i + 2];
        row[i] = (byte) left0;
        row[i + 1] = (byte) left1;
        row[i + 2] = (byte) left2;
      }
    } else if (pixel == 4) {
      int left0 = 0;
      int left1 = 0;
      int left2 = 0;
      int left3 = 0;
      for (int i = 4; i < end; i += 4) {
        left0 += filtered[shift + i];
        left1 += filtered[shift + i + 1];
        left2 += filtered[shift + i + 2];
        left3 += filtered[shift + i + 3];
        row[i] = (byte) left0;
        row[i + 1] = (byte) left1;
        row[i + 2] = (byte) left2;
        row[i + 3] = (byte) left3;
      }
    } else {
      for (int i = pixel; i < end; i++) {
        row[i] = (byte) (filtered[shift + i] + row[i - pixel]);
      }
    }
  }

  private static void average(
      byte[] filtered, int shift, byte[] row, byte[] above, int pixel, int end) {
    if (pixel == 1) {
      int left = 0;
      for (int i = 1; i < end; i++) {
        left = filtered[shift + i] + (left + (above[i] & 0xff) >> 1) & 0xff;
        row[i] = (byte) left;
      }
    } else {
      for (int i = pixel; i < end; i++) {
        int mean = (row[i - pixel] & 0xff) + (above[i] & 0xff) >> 1;
        row[i] = (byte) (filtered[shift + i] + mean);
      }
    }
  }

  private static void paeth(
      byte[] filtered, int shift, byte[] row, byte[] above, int pixel, int end) {
    if (pixel == 1) {
      int left = 0;
      int corner = 0;
      for (int i = 1; i < end; i++) {
        int up = above[i] & 0xff;
        left = filtered[shift + i] + nearest(left, up, corner) & 0xff;
        row[i] = (byte) left;
        corner = up;
      }
    } else {
      for (int i = pixel; i < end; i++) {
        int nearest = nearest(row[i - pixel] & 0xff, above[i] & 0xff, above[i - pixel] & 0xff);
        row[i] = (byte) (filtered[shift + i] + nearest);
      }
    }
  }

  /**
   * Returns the one that is the nearest to left + above - corner. In this form it needs no branch,
   * whose direction a processor could not foresee.
   */
  private static int nearest(int left, int above, int corner) {
    int low = Math.min(left, above);
    int high = Math.max(left, above);
    int threshold = 3 * corner - left - above;
    int other = high <= threshold ? low : corner;
    return threshold <= low ? high : other;
  }
}
