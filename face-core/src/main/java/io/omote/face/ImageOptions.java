// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * The limits for encoded images. They are checked before anything is decoded, so that a small file
 * that expands into a huge image, or into a lot of work, is refused at no cost. An image within the
 * limits that does not fit in memory is refused, too ({@link ImageException.Reason#TOO_LARGE}).
 *
 * <pre>{@code
 * ImageOptions options = ImageOptions.defaults().withMaxBytes(5_000_000);
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class ImageOptions {
  /** The largest image whose pixels, three bytes each, fit in one array. */
  private static final long MAX_ADDRESSABLE_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  /** A side longer than that of any image. */
  private static final int FULL_SIZE = Integer.MAX_VALUE;

  private static final ImageOptions DEFAULTS =
      new ImageOptions(25_000_000, 50_000_000, 16_384, 250_000, 64, false, FULL_SIZE);

  private final long maxBytes;
  private final long maxPixels;
  private final int maxSide;
  private final int maxSegments;
  private final int maxScans;
  private final boolean acceptTruncated;
  private final int reducedSide;

  private ImageOptions(
      long maxBytes,
      long maxPixels,
      int maxSide,
      int maxSegments,
      int maxScans,
      boolean acceptTruncated,
      int reducedSide) {
    this.maxBytes = maxBytes;
    this.maxPixels = maxPixels;
    this.maxSide = maxSide;
    this.maxSegments = maxSegments;
    this.maxScans = maxScans;
    this.acceptTruncated = acceptTruncated;
    this.reducedSide = reducedSide;
  }

  /**
   * Returns the defaults: 25 million bytes, 50 megapixels, a side of 16384 pixels, 250000 segments,
   * 64 scans, truncated files refused, full size.
   *
   * @return the default options
   */
  public static ImageOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Changes the largest size of a file.
   *
   * @param bytes the limit, in bytes
   * @return a copy with this change
   * @throws IllegalArgumentException if the limit is not positive, or exceeds the size of an array
   */
  public ImageOptions withMaxBytes(long bytes) {
    if (bytes < 1 || bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "expected a limit of 1 to 2147483639 bytes, found " + bytes);
    }
    return new ImageOptions(
        bytes, maxPixels, maxSide, maxSegments, maxScans, acceptTruncated, reducedSide);
  }

  /**
   * Changes the largest number of pixels.
   *
   * @param pixels the limit of width times height
   * @return a copy with this change
   * @throws IllegalArgumentException if the limit is not positive, or exceeds the size of an array
   */
  public ImageOptions withMaxPixels(long pixels) {
    if (pixels < 1 || pixels > MAX_ADDRESSABLE_PIXELS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a limit of 1 to %s pixels, found %s",
              MAX_ADDRESSABLE_PIXELS,
              pixels));
    }
    return new ImageOptions(
        maxBytes, pixels, maxSide, maxSegments, maxScans, acceptTruncated, reducedSide);
  }

  /**
   * Changes the largest width and height.
   *
   * @param pixels the limit, in pixels
   * @return a copy with this change
   * @throws IllegalArgumentException if the limit is not positive
   */
  public ImageOptions withMaxSide(int pixels) {
    return new ImageOptions(
        maxBytes,
        maxPixels,
        positive(pixels, "a side"),
        maxSegments,
        maxScans,
        acceptTruncated,
        reducedSide);
  }

  /**
   * Changes the largest number of parts of a file: segments and restart markers of a JPEG, chunks
   * of a PNG or WebP. Images usually have dozens to thousands.
   *
   * @param segments the limit
   * @return a copy with this change
   * @throws IllegalArgumentException if the limit is not positive
   */
  public ImageOptions withMaxSegments(int segments) {
    return new ImageOptions(
        maxBytes,
        maxPixels,
        maxSide,
        positive(segments, "segments"),
        maxScans,
        acceptTruncated,
        reducedSide);
  }

  /**
   * Changes the largest number of scans of a JPEG. Decoding a scan takes a pass over the whole
   * image, however few bytes the scan has. Progressive images have about ten.
   *
   * @param scans the limit
   * @return a copy with this change
   * @throws IllegalArgumentException if the limit is not positive
   */
  public ImageOptions withMaxScans(int scans) {
    return new ImageOptions(
        maxBytes,
        maxPixels,
        maxSide,
        maxSegments,
        positive(scans, "scans"),
        acceptTruncated,
        reducedSide);
  }

  /**
   * Changes whether truncated files are accepted. A truncated JPEG also needs the dependency {@code
   * io.omote:face-opencv}.
   *
   * @param accept true to decode the available part of a truncated file, false to refuse the file
   * @return a copy with this change
   */
  public ImageOptions withAcceptTruncated(boolean accept) {
    return new ImageOptions(
        maxBytes, maxPixels, maxSide, maxSegments, maxScans, accept, reducedSide);
  }

  /**
   * Decodes a large JPEG at a half, a quarter or an eighth of its size: the smallest at which the
   * longer side keeps a number of pixels. That takes less time and memory. The image is smaller:
   * boxes and landmarks are in its pixels, small faces are lost, and similarities change. By
   * default, and in other formats, images are decoded at full size.
   *
   * <p>It needs the dependency {@code io.omote:face-opencv}. Without it, reading any JPEG with this
   * option throws {@link ModelException}.
   *
   * @param longSide the minimum length of the longer side, in pixels
   * @return a copy with this change
   * @throws IllegalArgumentException if the length is not positive
   */
  public ImageOptions withReducedDecoding(int longSide) {
    return new ImageOptions(
        maxBytes,
        maxPixels,
        maxSide,
        maxSegments,
        maxScans,
        acceptTruncated,
        positive(longSide, "a side"));
  }

  private static int positive(int limit, String what) {
    if (limit < 1) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected a positive limit of %s, found %d", what, limit));
    }
    return limit;
  }

  /**
   * Returns the largest size of a file.
   *
   * @return the limit, in bytes
   */
  public long maxBytes() {
    return maxBytes;
  }

  /**
   * Returns the largest number of pixels.
   *
   * @return the limit of width times height
   */
  public long maxPixels() {
    return maxPixels;
  }

  /**
   * Returns the largest width and height.
   *
   * @return the limit, in pixels
   */
  public int maxSide() {
    return maxSide;
  }

  /**
   * Returns the largest number of segments, chunks and restart markers of a file.
   *
   * @return the limit
   */
  public int maxSegments() {
    return maxSegments;
  }

  /**
   * Returns the largest number of scans of a JPEG.
   *
   * @return the limit
   */
  public int maxScans() {
    return maxScans;
  }

  /**
   * Returns whether the available part of a truncated file is decoded.
   *
   * @return true if it is decoded, false if the file is refused
   */
  public boolean acceptTruncated() {
    return acceptTruncated;
  }

  /**
   * Returns the minimum length of the longer side when a JPEG is decoded at a reduced size.
   *
   * @return the length in pixels, empty if images are decoded at full size
   */
  public OptionalInt reducedDecoding() {
    return reducedSide == FULL_SIZE ? OptionalInt.empty() : OptionalInt.of(reducedSide);
  }
}
