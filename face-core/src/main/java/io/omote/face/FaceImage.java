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
 * A decoded, upright image: 8-bit pixels in the order blue, green, red, with rows from top to
 * bottom.
 *
 * <pre>{@code
 * FaceImage image = FaceImage.read(Path.of("group.jpg"));
 * }</pre>
 *
 * <p>JPEG, PNG and BMP files are supported, and WebP files if the application has the dependency
 * {@code io.omote:face-opencv}, which also decodes rare kinds of JPEG. The content of a file
 * determines its format, not its name. The EXIF orientation in JPEG, PNG and WebP files is applied,
 * gray is expanded to color, 16 bits are reduced to 8, and an alpha channel is dropped rather than
 * blended.
 *
 * <p>An image lives on the Java heap and needs no closing. Immutable and thread-safe.
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

  /** Wraps pixels that nothing else refers to. */
  private static FaceImage of(DecodedPixels pixels) {
    return new FaceImage(pixels.bgr(), pixels.width(), pixels.height());
  }

  /**
   * Reads an image file with the default limits.
   *
   * @param file the file
   * @return the image
   * @throws ImageException if the file is missing, empty, damaged or truncated, has an unsupported
   *     format, exceeds a limit, or does not fit in the Java heap
   * @throws ModelException if the decoder for its format cannot be used
   */
  public static FaceImage read(Path file) {
    return read(file, ImageOptions.defaults());
  }

  /**
   * Reads an image file.
   *
   * @param file the file
   * @param options the limits
   * @return the image
   * @throws ImageException if the file is missing, empty, damaged or truncated, has an unsupported
   *     format, exceeds a limit, or does not fit in the Java heap
   * @throws ModelException if the decoder for its format cannot be used
   */
  public static FaceImage read(Path file, ImageOptions options) {
    return of(Implementations.readImage(file, options));
  }

  /**
   * Decodes an image file from memory with the default limits.
   *
   * @param encoded the bytes of the file
   * @return the image
   * @throws ImageException if the bytes are empty, damaged or truncated, have an unsupported
   *     format, exceed a limit, or the image does not fit in the Java heap
   * @throws ModelException if the decoder for its format cannot be used
   */
  public static FaceImage read(byte[] encoded) {
    return read(encoded, ImageOptions.defaults());
  }

  /**
   * Decodes an image file from memory.
   *
   * @param encoded the bytes of the file
   * @param options the limits
   * @return the image
   * @throws ImageException if the bytes are empty, damaged or truncated, have an unsupported
   *     format, exceed a limit, or the image does not fit in the Java heap
   * @throws ModelException if the decoder for its format cannot be used
   */
  public static FaceImage read(byte[] encoded, ImageOptions options) {
    return of(Implementations.readImage(encoded, options));
  }

  /**
   * Reads an image file from a stream to its end with the default limits. The stream stays open.
   *
   * @param stream the stream
   * @return the image
   * @throws ImageException if the stream fails, or its bytes are empty, damaged or truncated, have
   *     an unsupported format, exceed a limit (no more than the limit is read), or the image does
   *     not fit in the Java heap
   * @throws ModelException if the decoder for its format cannot be used
   */
  public static FaceImage read(InputStream stream) {
    return read(stream, ImageOptions.defaults());
  }

  /**
   * Reads an image file from a stream to its end. The stream stays open.
   *
   * @param stream the stream
   * @param options the limits
   * @return the image
   * @throws ImageException if the stream fails, or its bytes are empty, damaged or truncated, have
   *     an unsupported format, exceed a limit (no more than the limit is read), or the image does
   *     not fit in the Java heap
   * @throws ModelException if the decoder for its format cannot be used
   */
  public static FaceImage read(InputStream stream, ImageOptions options) {
    return of(Implementations.readImage(stream, options));
  }

  /**
   * Converts a {@code BufferedImage}. The pixels are those that {@code read} gives for the same
   * file: gray and RGB samples are taken as stored, profiles are ignored, 16 bits are reduced to 8,
   * and alpha is dropped rather than blended. Other color spaces, and {@link
   * java.awt.color.ColorSpace#CS_LINEAR_RGB}, are converted to sRGB. An EXIF orientation, which
   * ImageIO ignores, is not applied.
   *
   * @param image the image, of any type, which is copied
   * @return the image
   * @throws ImageException if the pixels do not fit in the Java heap
   * @throws ModelException if the Java runtime lacks a library of the module {@code java.desktop}
   */
  public static FaceImage of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    checkedLength(width, height);
    return new FaceImage(Implementations.pixelsOf(image), width, height);
  }

  /**
   * Returns an image of decoded pixels.
   *
   * @param bgr the pixels, which are copied: blue, green and red of each, with rows from top to
   *     bottom and without padding, {@code 3 * width * height} bytes
   * @param width the width in pixels
   * @param height the height in pixels
   * @return the image
   * @throws IllegalArgumentException if the length of the array does not match the size
   * @throws ImageException if the copy does not fit in the Java heap
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
   * Returns the width.
   *
   * @return the width in pixels
   */
  public int width() {
    return width;
  }

  /**
   * Returns the height.
   *
   * @return the height in pixels
   */
  public int height() {
    return height;
  }

  /**
   * Returns the pixels without copying them: blue, green and red of each, with rows from top to
   * bottom and without padding.
   *
   * @return a read-only view of {@code 3 * width * height} bytes, with its own position
   */
  public ByteBuffer bgr() {
    return ByteBuffer.wrap(bgr).asReadOnlyBuffer();
  }

  /**
   * Turns the image, as for a face that does not stand upright ({@link Face#turn}).
   *
   * @param degrees by how many degrees, clockwise: 0, 90, 180 or 270
   * @return the turned image; this one for 0
   * @throws IllegalArgumentException if the number is not one of these
   * @throws ImageException if the turned image does not fit in the Java heap
   */
  public FaceImage turned(int degrees) {
    return degrees == 0
        ? this
        : of(Implementations.turned(new DecodedPixels(bgr, width, height), degrees));
  }

  /**
   * Copies the image to a {@code BufferedImage}, which you can draw on or write to a file. Areas
   * that were transparent in the original file are visible in the copy.
   *
   * <p>{@code ImageIO.write} caches the image in a temporary file unless it writes to a {@link
   * javax.imageio.stream.MemoryCacheImageOutputStream}.
   *
   * @return a new image of the type {@link BufferedImage#TYPE_3BYTE_BGR}
   * @throws ImageException if the copy does not fit in the Java heap
   * @throws ModelException if the Java runtime lacks the module {@code java.desktop} or its
   *     libraries
   */
  public BufferedImage toBufferedImage() {
    return Implementations.bufferedImage(bgr, width, height);
  }

  /**
   * Returns a description with the size of the image.
   *
   * @return the description, without pixels
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "FaceImage[%sx%s]", width, height);
  }
}
