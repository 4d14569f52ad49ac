// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A reader of the orientation in EXIF data, which is a TIFF structure. It reads only this tag, and
 * ignores damaged data.
 *
 * <p>Stateless.
 *
 * @see <a href="https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf">EXIF 2.32</a>
 */
final class Orientation {
  /** The value if no orientation is stated: the image is upright as it is stored. */
  static final int NONE = 0;

  private static final int TAG = 0x112;
  private static final int ENTRY_BYTES = 12;
  private static final int PREFIX_BYTES = 6;

  private Orientation() {}

  /** Returns whether a file has EXIF data with its prefix of six bytes at some place. */
  static boolean hasPrefix(byte[] file, int at) {
    // Some writers do not write the zero that is the sixth byte.
    return KnownFormats.hasBytes(file, at, "Exif\0");
  }

  /**
   * Reads EXIF data, with or without its prefix in JPEG.
   *
   * @param bytes the bytes that hold it
   * @param from the index of its first byte
   * @param to the index after its last byte
   * @return 1 to 8, or {@link #NONE}
   */
  static int read(byte[] bytes, int from, int to) {
    int start = hasPrefix(bytes, from) ? from + PREFIX_BYTES : from;
    int end = Math.min(to, bytes.length);
    if (start >= end) {
      return NONE;
    }
    try {
      return readTiff(ByteBuffer.wrap(bytes, start, end - start).slice());
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      // It is cut off, or points out of itself.
      return NONE;
    }
  }

  private static int readTiff(ByteBuffer tiff) {
    int order = tiff.getShort(0);
    if (order != 0x4949 && order != 0x4d4d) {
      return NONE;
    }
    tiff.order(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (tiff.getShort(2) != 42) {
      return NONE;
    }
    int directory = tiff.getInt(4);
    int entries = tiff.getShort(directory) & 0xffff;
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + i * ENTRY_BYTES;
      if ((tiff.getShort(entry) & 0xffff) == TAG) {
        double value = readValue(tiff, entry);
        if (value >= 1 && value <= 8 && value == Math.rint(value)) {
          return (int) value;
        }
      }
    }
    return NONE;
  }

  /** Reads the first value of an entry, of any type: not all writers write the specified short. */
  private static double readValue(ByteBuffer tiff, int entry) {
    int type = tiff.getShort(entry + 2);
    long count = tiff.getInt(entry + 4) & 0xffffffffL;
    int size =
        switch (type) {
          case 1, 2, 6, 7 -> 1;
          case 3, 8 -> 2;
          case 4, 9, 11, 13 -> 4;
          case 5, 10, 12, 16, 17 -> 8;
          default -> 0;
        };
    if (size == 0 || count == 0) {
      return NONE;
    }
    int at = size * count <= 4 ? entry + 8 : tiff.getInt(entry + 8);
    return switch (type) {
      case 1, 6, 7 -> tiff.get(at);
      case 2 -> readDigits(tiff, at, count);
      case 3, 8 -> tiff.getShort(at);
      case 4, 9, 13 -> tiff.getInt(at);
      case 5, 10 -> (double) tiff.getInt(at) / tiff.getInt(at + 4);
      case 11 -> tiff.getFloat(at);
      case 12 -> tiff.getDouble(at);
      default -> tiff.getLong(at);
    };
  }

  /** Reads text of one digit, which a zero or a space may follow. */
  private static int readDigits(ByteBuffer tiff, int at, long count) {
    byte[] text = new byte[(int) Math.min(count, 4)];
    tiff.get(at, text);
    String digits = new String(text, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    return digits.length() == 1 ? Character.digit(digits.charAt(0), 10) : NONE;
  }
}
