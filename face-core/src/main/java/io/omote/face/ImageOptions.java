// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.Locale;
import java.util.OptionalInt;

/**
 * What is accepted as an image. The limits are checked on the file, before anything is decoded, so
 * that a small file which unfolds into a huge image, or into much work, costs nothing. An image
 * within the limits that memory has no room for is refused, too ({@link
 * ImageException.Reason#TOO_LARGE}).
 *
 * <p>Immutable and thread-safe.
 */
public final class ImageOptions {
  /** The pixels of an image are held in one array of three bytes a pixel. */
  private static final long MAX_ADDRESSABLE_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  /** Longer than any image's side. */
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
   * The defaults: 25 million bytes, 50 megapixels, a side of 16384 pixels, 250000 segments, 64
   * scans, truncated files refused, nothing reduced.
   *
   * @return the default options
   */
  public static ImageOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Changes the largest file.
   *
   * @param bytes the largest file, in bytes
   * @return the changed options
   * @throws IllegalArgumentException if it is not positive, or more than an array can hold
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
   * Changes the largest image.
   *
   * @param pixels width times height
   * @return the changed options
   * @throws IllegalArgumentException if it is not positive, or more than an array can hold
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
   * Changes the largest side.
   *
   * @param pixels the largest width and height
   * @return the changed options
   * @throws IllegalArgumentException if it is not positive
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
   * Changes how many parts a file may consist of: segments and restart markers of a JPEG, chunks of
   * a PNG or WebP. Whole images have some dozens to some thousands.
   *
   * @param segments the largest number
   * @return the changed options
   * @throws IllegalArgumentException if it is not positive
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
   * Changes how many scans a JPEG may have. Each goes over the whole image, however few bytes it
   * has. Progressive images have ten or some more.
   *
   * @param scans the largest number
   * @return the changed options
   * @throws IllegalArgumentException if it is not positive
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
   * Changes what happens to truncated files.
   *
   * @param accept true to decode a file that ends before its image does as far as it goes, false to
   *     refuse it
   * @return the changed options
   */
  public ImageOptions withAcceptTruncated(boolean accept) {
    return new ImageOptions(
        maxBytes, maxPixels, maxSide, maxSegments, maxScans, accept, reducedSide);
  }

  /**
   * Decodes a large JPEG at a half, a quarter or an eighth of its size: the smallest at which its
   * longer side keeps some number of pixels. That takes less time and memory, and gives a smaller
   * image: boxes and landmarks are in its pixels, small faces are lost, and similarities move. By
   * default, and in other formats, images are decoded at their full size.
   *
   * @param longSide how many pixels the longer side of the image keeps at least
   * @return the changed options
   * @throws IllegalArgumentException if it is not positive
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
   * The largest file.
   *
   * @return the limit, in bytes
   */
  public long maxBytes() {
    return maxBytes;
  }

  /**
   * The largest image.
   *
   * @return the limit of width times height
   */
  public long maxPixels() {
    return maxPixels;
  }

  /**
   * The largest width and the largest height.
   *
   * @return the limit, in pixels
   */
  public int maxSide() {
    return maxSide;
  }

  /**
   * The largest number of segments, chunks and restart markers of a file.
   *
   * @return the limit
   */
  public int maxSegments() {
    return maxSegments;
  }

  /**
   * The largest number of scans of a JPEG.
   *
   * @return the limit
   */
  public int maxScans() {
    return maxScans;
  }

  /**
   * Whether a file that ends before its image does is decoded as far as it goes, rather than
   * refused.
   *
   * @return whether it is
   */
  public boolean acceptTruncated() {
    return acceptTruncated;
  }

  /**
   * How far a JPEG may be reduced while it is decoded.
   *
   * @return how many pixels its longer side keeps at least, empty where it is decoded at full size
   */
  public OptionalInt reducedDecoding() {
    return reducedSide == FULL_SIZE ? OptionalInt.empty() : OptionalInt.of(reducedSide);
  }
}
