// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import io.omote.face.ImageOptions;
import io.omote.face.ImageTooLargeException;
import io.omote.face.UnreadableImageException;
import io.omote.face.UnsupportedFormatException;

/**
 * What a picture file says of itself, read in Java before any decoder sees it: the size, whether
 * the file reaches its end, which way is up, and the parts that a decoder needs.
 *
 * <p>Immutable and thread-safe.
 *
 * @param format the format
 * @param width the stored width in pixels, before any orientation is applied
 * @param height the stored height in pixels, before any orientation is applied
 * @param complete whether the file's end is there
 * @param orientation EXIF's number of it, {@link Orientation#NONE} where the file states none
 * @param parts what a decoder is given, without metadata
 */
record ImageHeader(
    Format format, int width, int height, boolean complete, int orientation, FileParts parts) {

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
   * @param options how many parts it may have; the size is not looked at
   * @return what it says
   * @throws UnsupportedFormatException if the format is not one of those that are read
   * @throws UnreadableImageException if the header itself is damaged or cut off
   * @throws ImageTooLargeException if it has too many parts
   */
  static ImageHeader read(byte[] file, ImageOptions options) {
    if (file.length == 0) {
      throw new UnreadableImageException("expected a picture file, found an empty one");
    }
    try {
      if (KnownFormats.hasBytes(file, 0, "\u00ff\u00d8\u00ff")) {
        return new JpegWalk(file, options).header();
      }
      if (KnownFormats.hasBytes(file, 0, "\u0089PNG\r\n\u001a\n")) {
        return new PngWalk(file, options).header();
      }
      if (KnownFormats.hasBytes(file, 0, "BM")) {
        return new BmpFile(file).header();
      }
      if (KnownFormats.hasBytes(file, 0, "RIFF") && KnownFormats.hasBytes(file, 8, "WEBP")) {
        return new WebpWalk(file, options).header();
      }
    } catch (IndexOutOfBoundsException e) {
      throw new UnreadableImageException(
          "expected a whole picture, found a file that is cut off in its header after %d bytes: get the file again"
              .formatted(file.length),
          e);
    }
    throw unsupported(KnownFormats.nameOf(file));
  }

  static UnsupportedFormatException unsupported(String found) {
    return new UnsupportedFormatException(
        ACCEPTED + found + ": convert the file to one of these, 8 bits deep");
  }

  /** Counts one more part of a file, and refuses one too many. */
  static int countSegment(int before, ImageOptions options) {
    if (before >= options.maxSegments()) {
      throw new ImageTooLargeException(
          "expected a picture file of at most %d segments, chunks and restart markers, found more: raise ImageOptions.maxSegments to accept it"
              .formatted(options.maxSegments()));
    }
    return before + 1;
  }

  /** A header of a size that a picture can have. */
  static ImageHeader of(
      Format format, int width, int height, boolean complete, int orientation, FileParts parts) {
    if (width < 1 || height < 1) {
      throw new UnreadableImageException(
          "expected a %s picture of at least one pixel, found a header of %dx%d: the file is damaged"
              .formatted(format, width, height));
    }
    return new ImageHeader(format, width, height, complete, orientation, parts);
  }
}
