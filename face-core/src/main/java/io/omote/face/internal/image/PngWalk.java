// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageOptions;
import io.omote.face.internal.image.ImageHeader.Format;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A walk through the chunks of a PNG file to its end. It finds the size and the orientation, and
 * leaves out all chunks that a decoder does not need.
 *
 * <p>For one use by one thread.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">PNG, third edition</a>
 */
final class PngWalk {
  private static final int START = 8;
  private static final int HEADER = 0x49484452; // "IHDR"
  private static final int END = 0x49454e44; // "IEND"
  private static final int EXIF = 0x65584966; // "eXIf"
  private static final int TEXT = 0x74455874; // "tEXt"
  private static final int COMPRESSED_TEXT = 0x7a545874; // "zTXt"
  private static final int INTERNATIONAL_TEXT = 0x69545874; // "iTXt"

  /** The bit of a chunk's name that marks it as one that a decoder does not need. */
  private static final int ANCILLARY = 0x20000000;

  private static final String PROFILE = "Raw profile type ";

  /** The maximum size of a text once it is inflated, enough for the tag at its beginning. */
  private static final int MAX_PROFILE_TEXT = 1 << 18;

  private static final int MAX_PROFILES = 8;

  private final ByteBuffer in;
  private final ImageOptions options;
  private final FileParts parts;
  private boolean complete;
  private int orientation = Orientation.NONE;
  private int orientationOfProfile = Orientation.NONE;
  private int profiles;

  PngWalk(byte[] file, ImageOptions options) {
    this.in = ByteBuffer.wrap(file);
    this.options = options;
    this.parts = new FileParts(file);
  }

  ImageHeader header() {
    // Decoders skip unknown chunks before the header, whose content could look like a size.
    if (in.getInt(START) != 13 || in.getInt(START + 4) != HEADER) {
      throw ImageHeader.damaged("a PNG image", "a PNG file that does not begin with its header");
    }
    int width = in.getInt(START + 8);
    int height = in.getInt(START + 12);
    walk();
    int stated = orientation == Orientation.NONE ? orientationOfProfile : orientation;
    return ImageHeader.of(Format.PNG, width, height, complete, stated, parts);
  }

  private void walk() {
    parts.add(0, START);
    int chunks = 0;
    long at = START;
    while (at + 12 <= in.limit() && !complete) {
      chunks = ImageHeader.countSegment(chunks, options);
      int start = (int) at;
      int name = in.getInt(start + 4);
      at += 12 + (in.getInt(start) & 0xffffffffL);
      complete = name == END && at <= in.limit();
      if ((name & ANCILLARY) == 0) {
        parts.add(start, (int) Math.min(at, in.limit()));
      } else if (at <= in.limit()) {
        readMetadata(name, start, (int) at);
      }
    }
  }

  private void readMetadata(int name, int start, int end) {
    if (name == EXIF && orientation == Orientation.NONE && isIntact(start, end)) {
      orientation = Orientation.read(in.array(), start + 8, end - 4);
    } else if ((name == TEXT || name == COMPRESSED_TEXT || name == INTERNATIONAL_TEXT)
        && KnownFormats.hasBytes(in.array(), start + 8, PROFILE)
        && profiles < MAX_PROFILES
        && orientationOfProfile == Orientation.NONE
        && isIntact(start, end)) {
      profiles++;
      byte[] profile = readProfile(name, start + 8 + PROFILE.length(), end - 4);
      orientationOfProfile = Orientation.read(profile, 0, profile.length);
    }
  }

  /** Returns whether the checksum of a chunk matches. Damaged metadata is ignored. */
  private boolean isIntact(int start, int end) {
    CRC32 checksum = new CRC32();
    checksum.update(in.array(), start + 4, end - start - 8);
    return (int) checksum.getValue() == in.getInt(end - 4);
  }

  /**
   * Reads EXIF data as ImageMagick and GIMP write it: text with its name, its length and the data
   * in hexadecimal digits.
   *
   * @param name the kind of text
   * @param from the index after the words that all profiles begin with
   * @param to the end of the text
   * @return the data or the beginning of it, empty if the text is not EXIF data
   */
  private byte[] readProfile(int name, int from, int to) {
    int zero = indexOfZero(from, to);
    String type = latin1(from, zero).toLowerCase(Locale.ROOT);
    if (zero == to || !type.equals("exif") && !type.equals("app1")) {
      return new byte[0];
    }
    int text = zero + 1;
    boolean compressed = name == COMPRESSED_TEXT;
    if (compressed) {
      text++; // the compression method, of which there is one
    } else if (name == INTERNATIONAL_TEXT) {
      compressed = text < to && in.get(text) == 1;
      // A language and the translated keyword follow flag and method.
      text = indexOfZero(indexOfZero(text + 2, to) + 1, to) + 1;
    }
    if (text >= to) {
      return new byte[0];
    }
    return parseHex(compressed ? inflate(text, to) : latin1(text, to));
  }

  private int indexOfZero(int from, int to) {
    int at = from;
    while (at < to && in.get(at) != 0) {
      at++;
    }
    return Math.min(at, to);
  }

  private String latin1(int from, int to) {
    int length = Math.min(to - from, MAX_PROFILE_TEXT);
    return new String(in.array(), from, length, StandardCharsets.ISO_8859_1);
  }

  private String inflate(int from, int to) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(in.array(), from, to - from);
      byte[] text = new byte[MAX_PROFILE_TEXT];
      int length = inflater.inflate(text);
      return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    } catch (DataFormatException e) {
      return "";
    } finally {
      inflater.end();
    }
  }

  /** Parses two words, then lines of digits. */
  private static byte[] parseHex(String text) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int at = skipWord(text, skipWord(text, 0));
    int high = -1;
    for (; at < text.length(); at++) {
      int digit = Character.digit(text.charAt(at), 16);
      if (digit >= 0 && high >= 0) {
        data.write(high << 4 | digit);
        high = -1;
      } else if (digit >= 0) {
        high = digit;
      } else if (!Character.isWhitespace(text.charAt(at))) {
        break;
      }
    }
    return data.toByteArray();
  }

  private static int skipWord(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
