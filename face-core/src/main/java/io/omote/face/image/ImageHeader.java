// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import io.omote.face.UnreadableImageException;
import io.omote.face.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the first bytes of a picture file say, and whether the file reaches its end, read in Java
 * before any decoder sees it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param format the format
 * @param width the stored width in pixels, before any orientation is applied
 * @param height the stored height in pixels, before any orientation is applied
 * @param complete whether the file's end marker is there
 */
record ImageHeader(Format format, int width, int height, boolean complete) {

  /** The formats that are read. */
  enum Format {
    JPEG,
    PNG,
    BMP,
    WEBP
  }

  private static final String ACCEPTED = "expected a JPEG, PNG, BMP or WebP picture, found ";

  /**
   * Reads the header.
   *
   * @param file the whole file
   * @return what it says
   * @throws UnsupportedFormatException if the format is not one of those that are read
   * @throws UnreadableImageException if the header itself is damaged or cut off
   */
  static ImageHeader read(byte[] file) {
    if (file.length == 0) {
      throw new UnreadableImageException("expected a picture file, found an empty one");
    }
    ByteBuffer in = ByteBuffer.wrap(file);
    try {
      if (KnownFormats.hasBytes(file, 0, "\u00ff\u00d8\u00ff")) {
        return jpeg(in);
      }
      if (KnownFormats.hasBytes(file, 0, "\u0089PNG\r\n\u001a\n")) {
        return png(in);
      }
      if (KnownFormats.hasBytes(file, 0, "BM")) {
        return bmp(in);
      }
      if (KnownFormats.hasBytes(file, 0, "RIFF") && KnownFormats.hasBytes(file, 8, "WEBP")) {
        return webp(in);
      }
    } catch (IndexOutOfBoundsException e) {
      throw new UnreadableImageException(
          "expected a whole picture, found a file that is cut off in its header after "
              + file.length
              + " bytes: get the file again",
          e);
    }
    throw unsupported(KnownFormats.nameOf(file));
  }

  /** ITU-T T.81: segments up to the first frame header give the size, then to the end marker. */
  private static ImageHeader jpeg(ByteBuffer in) {
    int width = 0;
    int height = 0;
    boolean adobe = false;
    int at = 2;
    while (at < in.limit()) {
      if ((in.get(at) & 0xff) != 0xff) {
        // Entropy-coded data of a scan, or padding: go on to the next marker.
        at++;
        continue;
      }
      if (at + 1 >= in.limit()) {
        break;
      }
      int marker = in.get(at + 1) & 0xff;
      if (marker == 0xd9) {
        return jpegOf(width, height, true);
      }
      if (marker == 0xff) {
        at++;
      } else if (marker <= 0x01 || marker >= 0xd0 && marker <= 0xd7) {
        at += 2; // Stuffed byte or marker without a segment.
      } else {
        boolean frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
                || marker == 0xf7;
        if (frame && width == 0) {
          requireReadable(marker, in.get(at + 4));
          // Of four components only Adobe's, which are inverted, have a meaning decoders agree on.
          if (in.get(at + 9) == 4 && !adobe) {
            throw unsupported("a JPEG of four colours without Adobe's marker");
          }
          height = in.getShort(at + 5) & 0xffff;
          width = in.getShort(at + 7) & 0xffff;
        }
        if (at + 3 >= in.limit()) {
          break;
        }
        adobe |= marker == 0xee && KnownFormats.hasBytes(in.array(), at + 4, "Adobe");
        at += 2 + Math.max(2, in.getShort(at + 2) & 0xffff);
      }
    }
    return jpegOf(width, height, false);
  }

  /** Processes and depths that no decoder here knows; they would look like damage. */
  private static void requireReadable(int marker, int bits) {
    boolean huffman = marker <= 0xc2;
    boolean arithmetic = marker == 0xc9 || marker == 0xca;
    if (!huffman && !arithmetic) {
      throw unsupported(marker == 0xf7 ? "JPEG-LS" : "a lossless or hierarchical JPEG");
    }
    if (bits != 8) {
      throw unsupported("a JPEG of " + bits + " bits a sample");
    }
  }

  private static ImageHeader jpegOf(int width, int height, boolean complete) {
    if (width == 0 && !complete) {
      throw new IndexOutOfBoundsException("no frame header");
    }
    return of(Format.JPEG, width, height, complete);
  }

  /** ISO/IEC 15948: the size stands in the first chunk, IEND in the last. */
  private static ImageHeader png(ByteBuffer in) {
    // Decoders step over unknown chunks before the header, whose content could pose as a size.
    if (in.getInt(8) != 13 || in.getInt(12) != 0x49484452) { // "IHDR"
      throw new UnreadableImageException(
          "expected a PNG picture, found a PNG file that does not begin with its header: the file is"
              + " damaged");
    }
    int width = in.getInt(16);
    int height = in.getInt(20);
    boolean complete = false;
    long at = 8;
    while (at + 12 <= in.limit() && !complete) {
      complete = in.getInt((int) at + 4) == 0x49454e44;
      at += 12 + (in.getInt((int) at) & 0xffffffffL);
    }
    return of(Format.PNG, width, height, complete);
  }

  /** The Windows bitmap: rows may be stored bottom-up (positive height) or top-down. */
  private static ImageHeader bmp(ByteBuffer in) {
    in.order(ByteOrder.LITTLE_ENDIAN);
    long offset = in.getInt(10) & 0xffffffffL;
    boolean core = in.getInt(14) == 12;
    int width = core ? in.getShort(18) & 0xffff : in.getInt(18);
    int height = core ? in.getShort(20) & 0xffff : Math.abs(in.getInt(22));
    int bits = in.getShort(core ? 24 : 28) & 0xffff;
    int compression = core ? 0 : in.getInt(30);
    boolean uncompressed = compression == 0 || compression == 3;
    long rowBytes = (((long) width * bits + 31) / 32) * 4;
    boolean complete = !uncompressed || offset + rowBytes * height <= in.limit();
    return of(Format.BMP, width, height, complete);
  }

  /** The WebP container: lossy, lossless and extended files keep their size in different places. */
  private static ImageHeader webp(ByteBuffer in) {
    in.order(ByteOrder.LITTLE_ENDIAN);
    boolean complete = (in.getInt(4) & 0xffffffffL) + 8 <= in.limit();
    int kind = in.getInt(12);
    if (kind == 0x20385056) { // "VP8 "
      return of(Format.WEBP, in.getShort(26) & 0x3fff, in.getShort(28) & 0x3fff, complete);
    }
    if (kind == 0x4c385056) { // "VP8L"
      int bits = in.getInt(21);
      return of(Format.WEBP, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1, complete);
    }
    if (kind == 0x58385056) { // "VP8X"
      if ((in.get(20) & 2) != 0) {
        throw unsupported("an animated WebP");
      }
      int width = (in.getInt(24) & 0xffffff) + 1;
      int height = (in.getInt(26) >>> 8) + 1;
      return of(Format.WEBP, width, height, complete);
    }
    throw new UnreadableImageException(
        "expected a WebP picture, found a WebP file without one: the file is damaged");
  }

  private static UnsupportedFormatException unsupported(String found) {
    return new UnsupportedFormatException(
        ACCEPTED + found + ": convert the file to one of these, 8 bits deep");
  }

  private static ImageHeader of(Format format, int width, int height, boolean complete) {
    if (width < 1 || height < 1) {
      throw new UnreadableImageException(
          "expected a "
              + format
              + " picture of at least one pixel, found a header of "
              + width
              + "x"
              + height
              + ": the file is damaged");
    }
    return new ImageHeader(format, width, height, complete);
  }
}
