// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageOptions;
import io.omote.face.internal.image.ImageHeader.Format;
import io.omote.face.internal.image.JpegForm.Colors;
import io.omote.face.internal.image.JpegForm.Correction;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
  private static final int HUFFMAN_TABLES = 0xc4;
  private static final int COMMENT = 0xfe;
  private static final int EXIF = 0xe1;

  /** The minimum lengths of the segments: decoders ignore shorter ones. */
  private static final int ADOBE_BYTES = 14;

  private static final int JFIF_BYTES = 16;

  private static final int MAX_COMPONENTS = 4;

  /**
   * The maximum number of scans for the JDK's decoder, which makes all pixels again for each. The
   * usual ones are at most 18, for four colors.
   */
  private static final int MAX_JDK_SCANS = 20;

  private static final long ALL_COEFFICIENTS = -1;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWEST_BITS = 0x0101010101010101L;
  private static final long HIGHEST_BITS = 0x8080808080808080L;

  private final byte[] file;
  private final ImageOptions options;
  private final FileParts parts;
  private int width;
  private int height;
  private int frame;
  private int components;
  private int firstScan;

  /** The place of the first JFIF segment before the scans, 0 if it has not been found. */
  private int jfif;

  private boolean adobe;
  private int adobeTransform;
  private boolean huffmanTables;
  private boolean complete;
  private int orientation = Orientation.NONE;
  private int segments;
  private int scans;
  private boolean oddScans;
  private int componentsOfScans;

  /** The coefficients of each component that the scans give in full, as bits. */
  private final long[] coefficients = new long[MAX_COMPONENTS];

  private final List<Correction> corrections = new ArrayList<>();

  /** The beginning of the bytes that a decoder needs and that are not among the parts yet. */
  private int kept;

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
    ImageHeader header = ImageHeader.of(Format.JPEG, width, height, complete, orientation, parts);
    return header.withJpeg(
        new JpegForm(
            colors(),
            firstScan,
            List.copyOf(corrections),
            scans == 1 && !isProgressive(),
            obstacle()));
  }

  private boolean isProgressive() {
    return (file[frame + 1] & 0xff) == 0xc2;
  }

  /** Returns what the components mean to libjpeg, and so to OpenCV. */
  private Colors colors() {
    if (components == 1) {
      return Colors.GRAY;
    }
    if (components == 4) {
      return adobeTransform == 0 ? Colors.CMYK : Colors.YCCK;
    }
    boolean named = components == 3 && id(0) == 'R' && id(1) == 'G' && id(2) == 'B';
    boolean rgb = jfif == 0 && (adobe ? adobeTransform == 0 : named);
    return rgb ? Colors.RGB : Colors.YCBCR;
  }

  /**
   * Returns what keeps the JDK's decoder from giving the pixels of OpenCV, which both are built on
   * libjpeg, in versions that differ; null if nothing does.
   */
  private @Nullable String obstacle() {
    if (!complete) {
      return "a JPEG that is cut off"; // Decoders fill the rest in their own ways.
    }
    if ((file[frame + 1] & 0xff) > 0xc2) {
      return "a JPEG with arithmetic coding";
    }
    if (components == 4 && adobeTransform != 0 && adobeTransform != 2) {
      return "a JPEG of four colors with an unknown transform";
    }
    if (components != 1 && components != 3 && components != 4) {
      return String.format(Locale.ROOT, "a JPEG of %d components", components);
    }
    if (!huffmanTables) {
      return "a JPEG without Huffman tables"; // as in a video
    }
    if (hasPairsOfRows()) {
      return "a JPEG with colors for pairs of rows (4:4:0)";
    }
    if (scans > MAX_JDK_SCANS) {
      return String.format(Locale.ROOT, "a JPEG of more than %d scans", MAX_JDK_SCANS);
    }
    return scansAreUsual() ? null : "a JPEG with unusual or incomplete scans";
  }

  /** Returns whether a component has half the rows, but all columns: upsampling differs. */
  private boolean hasPairsOfRows() {
    int rows = 0;
    int columns = 0;
    for (int i = 0; i < components; i++) {
      columns = Math.max(columns, sampling(i) >> 4);
      rows = Math.max(rows, sampling(i) & 0xf);
    }
    for (int i = 0; i < components; i++) {
      if (sampling(i) >> 4 == columns && 2 * (sampling(i) & 0xf) == rows) {
        return true;
      }
    }
    return false;
  }

  private int id(int component) {
    return file[frame + 10 + 3 * component] & 0xff;
  }

  private int sampling(int component) {
    return file[frame + 11 + 3 * component] & 0xff;
  }

  /**
   * Returns whether the scans give all coefficients in full. If not, decoders smooth the blocks in
   * their own ways.
   */
  private boolean scansAreUsual() {
    if (oddScans || !isProgressive() && componentsOfScans != components) {
      return false;
    }
    // Nor does the second of two components of the same name have any: decoders would assign scans
    // to them in different ways.
    for (int i = 0; i < components; i++) {
      if (coefficients[i] != ALL_COEFFICIENTS) {
        return false;
      }
    }
    return true;
  }

  private void walk() {
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
      if (marker == START_OF_SCAN && scans == 0) {
        firstScan = placeOf(at);
      }
      readSegment(marker, at, end);
      if (!isNeeded(marker, at)) {
        parts.add(kept, at);
        // A decoder would skip the bytes between this segment and the next as well.
        kept = nextMarker(end);
      } else if (scans == 0 && nextMarker(end) > end) {
        // So would it here, with a warning.
        parts.add(kept, end);
        kept = nextMarker(end);
      }
      at = end;
    }
    parts.add(kept, file.length);
  }

  /** Returns the place among the parts that a byte which is kept will have. */
  private int placeOf(int at) {
    return parts.length() + at - kept;
  }

  /** Gives a byte a value for which a decoder does not warn. */
  private void correct(int at, int value) {
    if ((file[at] & 0xff) != value) {
      corrections.add(new Correction(placeOf(at), (byte) value));
    }
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
      frame = at;
      components = file[at + 9] & 0xff;
      // Bytes beyond its end do not belong to the segment, and a decoder would reject them as well.
      if (unsigned(at + 2) != 8 + 3 * components) {
        throw ImageHeader.damaged("a JPEG image", "a frame header of a wrong length");
      }
    } else if (marker == START_OF_SCAN) {
      scans++;
      if (scans > options.maxScans()) {
        throw ImageHeader.tooLarge(
            String.format(Locale.ROOT, "a JPEG image of at most %d scans", options.maxScans()),
            "maxScans");
      }
      readScan(at, end);
    } else if (marker == EXIF
        && scans == 0
        && orientation == Orientation.NONE
        && Orientation.hasPrefix(file, at + 4)) {
      orientation = Orientation.read(file, at + 4, end);
    } else if (marker == HUFFMAN_TABLES) {
      huffmanTables |= scans == 0;
    } else if (scans == 0 && jfif == 0 && isJfif(marker, at)) {
      jfif = at;
      // Decoders do not look at the version, and some cameras write another one.
      correct(at + 9, 1);
    } else if (scans == 0 && isAdobe(marker, at)) {
      // If there are several, the last one before the scan counts, as for a decoder.
      adobe = true;
      adobeTransform = file[at + 15] & 0xff;
    }
  }

  /** Notes which coefficients a scan gives. */
  private void readScan(int at, int end) {
    int count = end <= file.length ? file[at + 4] & 0xff : 0;
    if (count < 1 || count > MAX_COMPONENTS || end != at + 8 + 2 * count || frame == 0) {
      oddScans = true;
      return;
    }
    componentsOfScans += count;
    if (!isProgressive()) {
      // Such a scan gives all coefficients in full, also if it says something else.
      correct(end - 3, 0);
      correct(end - 2, 63);
      correct(end - 1, 0);
    }
    int first = isProgressive() ? file[end - 3] & 0xff : 0;
    int last = isProgressive() ? file[end - 2] & 0xff : 63;
    boolean inFull = !isProgressive() || (file[end - 1] & 0xf) == 0;
    if (first > last || last > 63) {
      oddScans = true;
      return;
    }
    // A shift by 64 would be one by 0.
    long given = (2L << last) - (1L << first);
    for (int i = 0; i < count; i++) {
      int component = indexOf(file[at + 5 + 2 * i] & 0xff);
      if (component < 0) {
        oddScans = true;
      } else if (inFull) {
        coefficients[component] |= given;
      } else {
        coefficients[component] &= ~given;
      }
    }
  }

  /** Returns the index of a component among the first four, or -1. */
  private int indexOf(int id) {
    for (int i = 0; i < Math.min(components, MAX_COMPONENTS); i++) {
      if (id(i) == id) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
        || marker == 0xf7;
  }

  private boolean isJfif(int marker, int at) {
    return marker == 0xe0
        && KnownFormats.hasBytes(file, at + 4, "JFIF\0")
        && unsigned(at + 2) >= JFIF_BYTES;
  }

  private boolean isAdobe(int marker, int at) {
    return marker == 0xee
        && KnownFormats.hasBytes(file, at + 4, "Adobe")
        && unsigned(at + 2) >= ADOBE_BYTES;
  }

  /** Returns whether a decoder needs a segment. Two of those of applications declare the colors. */
  private boolean isNeeded(int marker, int at) {
    boolean added = marker >= 0xe0 && marker <= 0xef || marker == COMMENT;
    return !added || at == jfif || isAdobe(marker, at);
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
