// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Pixels of three bytes, read as one number each: blue is its lowest byte, green the next, red the
 * third, and the highest one means nothing. Loops that pick whole pixels, and then reckon channel
 * by channel along arrays, take less than half of the time of those that pick bytes: the compiler
 * makes vector instructions of the reckoning.
 *
 * <p>Stateless and thread-safe.
 */
final class PixelBytes {
  /** The channels of a pixel. */
  static final int CHANNELS = 3;

  /** How many bytes a row must have behind its last pixel. */
  static final int PADDING = Integer.BYTES - CHANNELS;

  private static final VarHandle PIXEL =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private PixelBytes() {}

  /**
   * Reads pixels.
   *
   * @param row pixels, and the padding
   * @param places where each of them begins
   * @param pixels takes them
   */
  static void pick(byte[] row, int[] places, int[] pixels) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (int) PIXEL.get(row, places[i]);
    }
  }

  /**
   * How far a channel lies from the lowest bit.
   *
   * @param channel 0 for blue, 1 for green, 2 for red
   * @return the bits to shift a pixel by
   */
  static int shift(int channel) {
    return Byte.SIZE * channel;
  }
}
