// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageOptions;
import io.omote.face.internal.image.ImageHeader.Format;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A walk through the chunks of a WebP file that finds the size and the orientation.
 *
 * <p>For one use by one thread.
 *
 * @see <a href="https://developers.google.com/speed/webp/docs/riff_container">the container</a>
 */
final class WebpWalk {
  private static final int FIRST_CHUNK = 12;
  private static final int LOSSY = 0x20385056; // "VP8 "
  private static final int LOSSLESS = 0x4c385056; // "VP8L"
  private static final int EXTENDED = 0x58385056; // "VP8X"
  private static final int EXIF = 0x46495845; // "EXIF"

  private final ByteBuffer in;
  private final ImageOptions options;

  WebpWalk(byte[] file, ImageOptions options) {
    this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    this.options = options;
  }

  /** Reads the header. Lossy, lossless and extended files have their size in different places. */
  ImageHeader header() {
    return switch (in.getInt(FIRST_CHUNK)) {
      case LOSSY -> of(in.getShort(26) & 0x3fff, in.getShort(28) & 0x3fff);
      case LOSSLESS -> {
        int bits = in.getInt(21);
        yield of((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
      }
      case EXTENDED -> {
        if ((in.get(20) & 2) != 0) {
          throw ImageHeader.unsupported("an animated WebP");
        }
        yield of((in.getInt(24) & 0xffffff) + 1, (in.getInt(26) >>> 8) + 1);
      }
      default -> throw ImageHeader.damaged("a WebP image", "a WebP file without one");
    };
  }

  private ImageHeader of(int width, int height) {
    long end = (in.getInt(4) & 0xffffffffL) + 8;
    boolean complete = end <= in.limit();
    int orientation = orientation(Math.min(end, in.limit()));
    return ImageHeader.of(
        Format.WEBP, width, height, complete, orientation, FileParts.all(in.array()));
  }

  private int orientation(long end) {
    int orientation = Orientation.NONE;
    int chunks = 0;
    long at = FIRST_CHUNK;
    while (at + 8 <= end) {
      chunks = ImageHeader.countSegment(chunks, options);
      int data = (int) at + 8;
      long size = in.getInt(data - 4) & 0xffffffffL;
      if (in.getInt(data - 8) == EXIF && orientation == Orientation.NONE) {
        orientation = Orientation.read(in.array(), data, (int) Math.min(data + size, end));
      }
      // Chunks begin at even offsets.
      at = data + size + (size & 1);
    }
    return orientation;
  }
}
