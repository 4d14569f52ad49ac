// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Pixels of three bytes, each read as one number: blue is the lowest byte, then green, then red,
 * and the highest byte has no meaning. Loops that pick whole pixels, and then compute channel by
 * channel along arrays, take less than half the time of loops that pick bytes: the JIT compiler
 * uses vector instructions for the computation.
 *
 * <p>Stateless and thread-safe.
 */
final class PixelBytes {
  /** The number of channels of a pixel. */
  static final int CHANNELS = 3;

  /** The number of bytes that a row must have after its last pixel. */
  static final int PADDING = Integer.BYTES - CHANNELS;

  private static final VarHandle PIXEL =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private PixelBytes() {}

  /**
   * Reads pixels.
   *
   * @param row the pixels and the padding
   * @param places the index of the first byte of each pixel
   * @param pixels receives the pixels
   */
  static void pick(byte[] row, int[] places, int[] pixels) {
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (int) PIXEL.get(row, places[i]);
    }
  }

  /**
   * Returns the distance of a channel from the lowest bit.
   *
   * @param channel 0 for blue, 1 for green, 2 for red
   * @return the bits to shift a pixel by
   */
  static int shift(int channel) {
    return Byte.SIZE * channel;
  }
}
