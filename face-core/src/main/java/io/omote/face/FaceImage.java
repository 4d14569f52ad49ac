// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.internal.Implementations;
import io.omote.face.internal.image.DecodedPixels;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/**
 * A decoded upright image: 8-bit pixels in the order blue, green, red, rows from top to bottom.
 *
 * <p>It lives on the Java heap, holds nothing native and needs no closing. Immutable and
 * thread-safe.
 *
 * <p>Files may be JPEG, PNG, BMP or WebP. The orientation that a camera wrote into the file (EXIF,
 * in JPEG, PNG and WebP) is applied, gray is widened to color, 16 bits are narrowed to 8, an alpha
 * channel is dropped, not blended. Only the content counts, not the name of the file.
 */
public final class FaceImage {
  private final byte[] bgr;
  private final int width;
  private final int height;

  private FaceImage(byte[] bgr, int width, int height) {
    this.bgr = bgr;
    this.width = width;
    this.height = height;
  }

  /** Takes over pixels that nobody else holds. */
  private static FaceImage of(DecodedPixels pixels) {
    return new FaceImage(pixels.bgr(), pixels.width(), pixels.height());
  }

  /**
   * Reads an image file with the default limits.
   *
   * @param file the file
   * @return the image
   * @throws ImageException if the file is missing, empty, damaged or cut off, it is not of a format
   *     that is read, it exceeds a limit, or the Java heap has no room for it
   */
  public static FaceImage read(Path file) {
    return read(file, ImageOptions.defaults());
  }

  /**
   * Reads an image file.
   *
   * @param file the file
   * @param options what is accepted
   * @return the image
   * @throws ImageException if the file is missing, empty, damaged or cut off, it is not of a format
   *     that is read, it exceeds a limit, or the Java heap has no room for it
   */
  public static FaceImage read(Path file, ImageOptions options) {
    return of(Implementations.readImage(file, options));
  }

  /**
   * Decodes an image file from memory with the default limits.
   *
   * @param encoded the bytes of the file
   * @return the image
   * @throws ImageException if the bytes are empty, damaged or cut off, they are not of a format
   *     that is read, they exceed a limit, or the Java heap has no room for it
   */
  public static FaceImage read(byte[] encoded) {
    return read(encoded, ImageOptions.defaults());
  }

  /**
   * Decodes an image file from memory.
   *
   * @param encoded the bytes of the file
   * @param options what is accepted
   * @return the image
   * @throws ImageException if the bytes are empty, damaged or cut off, they are not of a format
   *     that is read, they exceed a limit, or the Java heap has no room for it
   */
  public static FaceImage read(byte[] encoded, ImageOptions options) {
    return of(Implementations.readImage(encoded, options));
  }

  /**
   * Reads an image file from a stream to its end with the default limits. The stream stays open.
   *
   * @param stream the stream
   * @return the image
   * @throws ImageException if the stream fails or its bytes are empty, damaged or cut off, they are
   *     not of a format that is read, they exceed a limit, or the Java heap has no room for it; no
   *     more than the limit is read
   */
  public static FaceImage read(InputStream stream) {
    return read(stream, ImageOptions.defaults());
  }

  /**
   * Reads an image file from a stream to its end. The stream stays open.
   *
   * @param stream the stream
   * @param options what is accepted
   * @return the image
   * @throws ImageException if the stream fails or its bytes are empty, damaged or cut off, they are
   *     not of a format that is read, they exceed a limit, or the Java heap has no room for it; no
   *     more than the limit is read
   */
  public static FaceImage read(InputStream stream, ImageOptions options) {
    return of(Implementations.readImage(stream, options));
  }

  /**
   * Takes over an image of Java's own imaging. The pixels are those that {@code read} makes of the
   * same file: gray and RGB samples count as they are stored, profiles are ignored, 16 bits are
   * narrowed to 8, and alpha is dropped, not blended. Other color spaces, and {@link
   * java.awt.color.ColorSpace#CS_LINEAR_RGB}, are converted to sRGB. What ImageIO does not do is
   * not made up for: it reads no orientation.
   *
   * @param image the image, of any type
   * @return the image
   * @throws ImageException if the Java heap has no room for the pixels
   * @throws ModelException if the Java runtime lacks a library of module {@code java.desktop}
   */
  public static FaceImage of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    checkedLength(width, height);
    return new FaceImage(Implementations.pixelsOf(image), width, height);
  }

  /**
   * Takes over decoded pixels. The array is copied.
   *
   * @param bgr blue, green and red of each pixel, rows from top to bottom without padding: {@code 3
   *     * width * height} bytes
   * @param width the number of columns
   * @param height the number of rows
   * @return the image
   * @throws IllegalArgumentException if the length does not fit the size
   * @throws ImageException if the Java heap has no room for the copy
   */
  public static FaceImage ofBgr(byte[] bgr, int width, int height) {
    Objects.requireNonNull(bgr, "bgr");
    int expected = checkedLength(width, height);
    if (bgr.length != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected %s bytes for %sx%s BGR pixels, found %s",
              expected,
              width,
              height,
              bgr.length));
    }
    return new FaceImage(Implementations.copyOf(bgr, width, height), width, height);
  }

  private static int checkedLength(int width, int height) {
    long length = 3L * width * height;
    if (width < 1 || height < 1 || length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a width and height of 1 or more and at most 715 megapixels, found %sx%s",
              width,
              height));
    }
    return (int) length;
  }

  /**
   * The number of columns.
   *
   * @return the width in pixels
   */
  public int width() {
    return width;
  }

  /**
   * The number of rows.
   *
   * @return the height in pixels
   */
  public int height() {
    return height;
  }

  /**
   * The pixels: blue, green and red of each, rows from top to bottom without padding. Nothing is
   * copied.
   *
   * @return a read-only view of {@code 3 * width * height} bytes, with a position of its own
   */
  public ByteBuffer bgr() {
    return ByteBuffer.wrap(bgr).asReadOnlyBuffer();
  }

  /**
   * Copies the image for Java's own imaging, to draw on it or to write it to a file. What a file
   * hides by transparency is in it. {@code ImageIO.write} to a stream that is not a {@link
   * javax.imageio.stream.MemoryCacheImageOutputStream} keeps the image in a temporary file
   * meanwhile.
   *
   * @return a new image of the type {@link BufferedImage#TYPE_3BYTE_BGR}
   * @throws ImageException if the Java heap has no room for it
   * @throws ModelException if the Java runtime lacks module {@code java.desktop} or its libraries
   */
  public BufferedImage toBufferedImage() {
    return Implementations.bufferedImage(bgr, width, height);
  }

  /**
   * Says the size of the image.
   *
   * @return a text without pixels
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "FaceImage[%sx%s]", width, height);
  }
}
