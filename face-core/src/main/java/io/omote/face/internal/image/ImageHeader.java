// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import io.omote.face.ImageOptions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The header of an image file, read in Java before any decoder sees the file: the size, whether the
 * file is complete, the orientation, and the parts that a decoder needs.
 *
 * <p>Immutable and thread-safe.
 *
 * @param format the format
 * @param width the stored width in pixels, before any orientation is applied
 * @param height the stored height in pixels, before any orientation is applied
 * @param complete whether the file is complete
 * @param orientation the EXIF number, {@link Orientation#NONE} if the file states none
 * @param parts the parts that a decoder receives, without metadata
 * @param jpeg how a JPEG is decoded; null for other formats
 */
public record ImageHeader(
    Format format,
    int width,
    int height,
    boolean complete,
    int orientation,
    FileParts parts,
    @Nullable JpegForm jpeg) {

  /** A format that is supported. */
  public enum Format {
    /** JPEG. */
    JPEG("\u00ff\u00d8\u00ff"),
    /** PNG. */
    PNG("\u0089PNG\r\n\u001a\n"),
    /** Windows bitmap. */
    BMP("BM"),
    /** WebP. */
    WEBP("RIFF") {
      @Override
      boolean begins(byte[] file) {
        return super.begins(file) && KnownFormats.hasBytes(file, 8, "WEBP");
      }
    };

    private final String magic;

    Format(String magic) {
      this.magic = magic;
    }

    /** Returns whether a file begins like one of this format. */
    boolean begins(byte[] file) {
      return KnownFormats.hasBytes(file, 0, magic);
    }
  }

  /**
   * Reads the header.
   *
   * @param file the whole file
   * @param options the options, of which only the maximum number of parts matters
   * @return the header
   * @throws ImageException if the format is not supported, the header itself is damaged or cut off,
   *     or the file has too many parts
   */
  static ImageHeader read(byte[] file, ImageOptions options) {
    if (file.length == 0) {
      throw new ImageException(
          Reason.DAMAGED, "an image file", "an empty one", "download the file again", null);
    }
    try {
      if (Format.JPEG.begins(file)) {
        return new JpegWalk(file, options).header();
      }
      if (Format.PNG.begins(file)) {
        return new PngWalk(file, options).header();
      }
      if (Format.BMP.begins(file)) {
        return new BmpFile(file).header();
      }
      if (Format.WEBP.begins(file)) {
        return new WebpWalk(file, options).header();
      }
    } catch (IndexOutOfBoundsException e) {
      throw new ImageException(
          Reason.DAMAGED,
          "a whole image",
          String.format(
              Locale.ROOT, "a file that is cut off in its header after %d bytes", file.length),
          "download the file again",
          e);
    }
    throw unsupported(KnownFormats.nameOf(file));
  }

  static ImageException unsupported(String found) {
    return new ImageException(
        Reason.UNSUPPORTED_FORMAT,
        NativeDecoders.formats(),
        found,
        "convert the file to one of these formats, with 8 bits per sample",
        null);
  }

  static ImageException damaged(String allowed, String found) {
    return new ImageException(Reason.DAMAGED, allowed, found, "the file is damaged", null);
  }

  static ImageException tooLarge(String allowed, String option) {
    return new ImageException(
        Reason.TOO_LARGE,
        allowed,
        "more",
        String.format(Locale.ROOT, "raise ImageOptions.%s to accept it", option),
        null);
  }

  /** Counts one more part of a file. Throws if there are too many. */
  static int countSegment(int before, ImageOptions options) {
    if (before >= options.maxSegments()) {
      throw tooLarge(
          String.format(
              Locale.ROOT,
              "an image file of at most %d segments, chunks and restart markers",
              options.maxSegments()),
          "maxSegments");
    }
    return before + 1;
  }

  /** Returns a header after a check of its size. */
  static ImageHeader of(
      Format format, int width, int height, boolean complete, int orientation, FileParts parts) {
    if (width < 1 || height < 1) {
      throw damaged(
          String.format(Locale.ROOT, "a %s image of at least one pixel", format),
          String.format(Locale.ROOT, "a header of %dx%d", width, height));
    }
    return new ImageHeader(format, width, height, complete, orientation, parts, null);
  }

  /**
   * Returns the stored size, in words.
   *
   * @return as in {@code 640x480}
   */
  public String size() {
    return String.format(Locale.ROOT, "%dx%d", width, height);
  }

  ImageHeader withJpeg(JpegForm form) {
    return new ImageHeader(format, width, height, complete, orientation, parts, form);
  }

  /**
   * Returns the exception for an image that a decoder rejects although the header is valid.
   *
   * @param cause the exception of the decoder, or null
   * @return the exception, of the reason {@link Reason#DAMAGED}
   */
  public ImageException undecodable(@Nullable Exception cause) {
    return new ImageException(
        Reason.DAMAGED,
        String.format(Locale.ROOT, "a %s image of %dx%d", format, width, height),
        "one that cannot be decoded",
        "the file is damaged",
        cause);
  }
}
