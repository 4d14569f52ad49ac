// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageOptions;
import io.omote.face.internal.image.ImageHeader.Format;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * A walk through the markers of a JPEG file to its end, as a decoder would. It finds the size and
 * the orientation, counts what a decoder would process, and leaves out the segments that a decoder
 * does not need.
 *
 * <p>For one use by one thread.
 *
 * @see <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU-T T.81, annex B</a>
 */
final class JpegWalk {
  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;
  private static final int COMMENT = 0xfe;
  private static final int EXIF = 0xe1;

  /** The minimum length of the segment: decoders ignore shorter ones. */
  private static final int ADOBE_BYTES = 14;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWEST_BITS = 0x0101010101010101L;
  private static final long HIGHEST_BITS = 0x8080808080808080L;

  private final byte[] file;
  private final ImageOptions options;
  private final FileParts parts;
  private int width;
  private int height;
  private int components;
  private boolean adobe;
  private int adobeTransform;
  private boolean sequential;
  private boolean usualColors;
  private boolean complete;
  private int orientation = Orientation.NONE;
  private int segments;
  private int scans;

  JpegWalk(byte[] file, ImageOptions options) {
    this.file = file;
    this.options = options;
    this.parts = new FileParts(file);
  }

  ImageHeader header() {
    walk();
    if (width == 0 && !complete) {
      throw new IndexOutOfBoundsException("no frame header");
    }
    // Decoders agree on four components only if Adobe's marker declares them as inverted.
    if (components == 4 && !adobe) {
      throw ImageHeader.unsupported("a JPEG of four colors without Adobe's marker");
    }
    return ImageHeader.of(Format.JPEG, width, height, complete, orientation, parts)
        .withPlainJpeg(isPlain());
  }

  /**
   * Returns whether the JDK's decoder and OpenCV give the same pixels. They differ in the
   * upsampling of colors that are stored for two rows or four columns, and in the detection of RGB.
   */
  private boolean isPlain() {
    return complete && scans == 1 && sequential && usualColors && (!adobe || adobeTransform == 1);
  }

  private void walk() {
    int kept = 0;
    int at = 2;
    while (true) {
      at = nextMarker(at);
      if (at >= file.length) {
        break;
      }
      int marker = file[at + 1] & 0xff;
      if (marker == END_OF_IMAGE) {
        complete = true;
        // The rest belongs to something else, such as a second image.
        parts.add(kept, at + 2);
        return;
      }
      segments = ImageHeader.countSegment(segments, options);
      if (marker == 0x01 || marker >= 0xd0 && marker <= 0xd8) {
        at += 2; // Markers without a segment.
        continue;
      }
      if (at + 3 >= file.length) {
        break;
      }
      int end = at + 2 + Math.max(2, unsigned(at + 2));
      readSegment(marker, at, end);
      if (!isNeeded(marker, at)) {
        parts.add(kept, at);
        // A decoder would skip the bytes between this segment and the next as well.
        kept = nextMarker(end);
      }
      at = end;
    }
    parts.add(kept, file.length);
  }

  /** Returns the place of the next marker, or the end. A zero after 255 marks data. */
  private int nextMarker(int from) {
    int at = next255(from);
    while (at + 1 < file.length && (file[at + 1] == 0 || file[at + 1] == (byte) 0xff)) {
      at = next255(at + 1);
    }
    return at + 1 < file.length ? at : file.length;
  }

  /** Returns the place of the next byte of 255, or the end. It checks eight bytes at once. */
  private int next255(int from) {
    int at = from;
    for (; at + Long.BYTES <= file.length; at += Long.BYTES) {
      // The lowest bit that remains belongs to the first byte of 255.
      long inverted = ~(long) EIGHT_BYTES.get(file, at);
      long found = inverted - LOWEST_BITS & ~inverted & HIGHEST_BITS;
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
    }
    while (at < file.length && file[at] != (byte) 0xff) {
      at++;
    }
    return at;
  }

  private int unsigned(int at) {
    return (file[at] & 0xff) << 8 | file[at + 1] & 0xff;
  }

  private void readSegment(int marker, int at, int end) {
    if (isFrame(marker) && width == 0) {
      requireReadable(marker, file[at + 4]);
      height = unsigned(at + 5);
      width = unsigned(at + 7);
      components = file[at + 9] & 0xff;
      // Bytes beyond its end do not belong to the segment, and a decoder would reject them as well.
      if (unsigned(at + 2) != 8 + 3 * components) {
        throw ImageHeader.damaged("a JPEG image", "a frame header of a wrong length");
      }
      sequential = marker == 0xc0 || marker == 0xc1;
      usualColors = components == 1 || components == 3 && areUsual(at + 10);
    } else if (marker == START_OF_SCAN) {
      scans++;
      if (scans > options.maxScans()) {
        throw ImageHeader.tooLarge(
            String.format(Locale.ROOT, "a JPEG image of at most %d scans", options.maxScans()),
            "maxScans");
      }
    } else if (marker == EXIF
        && scans == 0
        && orientation == Orientation.NONE
        && Orientation.hasPrefix(file, at + 4)) {
      orientation = Orientation.read(file, at + 4, end);
    } else if (scans == 0 && isAdobe(marker, at)) {
      // If there are several, the last one before the scan counts, as for a decoder.
      adobe = true;
      adobeTransform = file[at + 15] & 0xff;
    }
  }

  /** Returns whether it is YCbCr with one sample of the colors for 1x1, 2x1 or 2x2 pixels. */
  private boolean areUsual(int at) {
    int luma = file[at + 1];
    boolean single = file[at + 4] == 0x11 && file[at + 7] == 0x11;
    boolean rgb = file[at] == 'R' && file[at + 3] == 'G' && file[at + 6] == 'B';
    return single && !rgb && (luma == 0x11 || luma == 0x21 || luma == 0x22);
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
        || marker == 0xf7;
  }

  private boolean isAdobe(int marker, int at) {
    return marker == 0xee
        && KnownFormats.hasBytes(file, at + 4, "Adobe")
        && unsigned(at + 2) >= ADOBE_BYTES;
  }

  /** Returns whether a decoder needs a segment. Two of those of applications declare the colors. */
  private boolean isNeeded(int marker, int at) {
    boolean added = marker >= 0xe0 && marker <= 0xef || marker == COMMENT;
    boolean jfif = marker == 0xe0 && KnownFormats.hasBytes(file, at + 4, "JFIF\0");
    return !added || jfif || isAdobe(marker, at);
  }

  /** Throws for processes and depths that no decoder here knows, which would look like damage. */
  private static void requireReadable(int marker, int bits) {
    boolean huffman = marker <= 0xc2;
    boolean arithmetic = marker == 0xc9 || marker == 0xca;
    if (!huffman && !arithmetic) {
      throw ImageHeader.unsupported(marker == 0xf7 ? "JPEG-LS" : "a lossless or hierarchical JPEG");
    }
    if (bits != 8) {
      throw ImageHeader.unsupported("a JPEG of " + bits + " bits per sample");
    }
  }
}
