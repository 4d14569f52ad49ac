// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * What is accepted as a picture. The limits are checked on the header of a file, before anything is
 * decoded, so that a small file which unfolds into a huge picture costs nothing.
 *
 * <p>Immutable and thread-safe.
 *
 * @param maxBytes the largest file, in bytes
 * @param maxPixels the largest picture, width times height
 * @param maxSide the largest width and the largest height, in pixels
 * @param acceptTruncated whether a file that ends before its picture does is decoded as far as it
 *     goes, rather than refused
 */
public record ImageOptions(long maxBytes, long maxPixels, int maxSide, boolean acceptTruncated) {

  private static final ImageOptions DEFAULTS =
      new ImageOptions(25_000_000, 50_000_000, 16_384, false);

  /** The pixels of a picture are held in one array of three bytes a pixel. */
  private static final long MAX_ADDRESSABLE_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  /**
   * Checks the limits.
   *
   * @param maxBytes the largest file, in bytes
   * @param maxPixels the largest picture, width times height
   * @param maxSide the largest width and the largest height, in pixels
   * @param acceptTruncated whether a file that ends before its picture does is decoded as far as it
   *     goes, rather than refused
   * @throws IllegalArgumentException if a limit is not positive, or more pixels are allowed than an
   *     array can hold
   */
  public ImageOptions {
    if (maxBytes < 1 || maxBytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "expected a limit of 1 to 2147483639 bytes, found " + maxBytes);
    }
    if (maxPixels < 1 || maxPixels > MAX_ADDRESSABLE_PIXELS) {
      throw new IllegalArgumentException(
          "expected a limit of 1 to " + MAX_ADDRESSABLE_PIXELS + " pixels, found " + maxPixels);
    }
    if (maxSide < 1) {
      throw new IllegalArgumentException("expected a positive limit of a side, found " + maxSide);
    }
  }

  /**
   * The defaults: 25 million bytes, 50 megapixels, a side of 16384 pixels, truncated files refused.
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
   */
  public ImageOptions withMaxBytes(long bytes) {
    return new ImageOptions(bytes, maxPixels, maxSide, acceptTruncated);
  }

  /**
   * Changes the largest picture.
   *
   * @param pixels width times height
   * @return the changed options
   */
  public ImageOptions withMaxPixels(long pixels) {
    return new ImageOptions(maxBytes, pixels, maxSide, acceptTruncated);
  }

  /**
   * Changes the largest side.
   *
   * @param pixels the largest width and height
   * @return the changed options
   */
  public ImageOptions withMaxSide(int pixels) {
    return new ImageOptions(maxBytes, maxPixels, pixels, acceptTruncated);
  }

  /**
   * Changes what happens to truncated files.
   *
   * @param accept true to decode them as far as they go
   * @return the changed options
   */
  public ImageOptions withAcceptTruncated(boolean accept) {
    return new ImageOptions(maxBytes, maxPixels, maxSide, accept);
  }
}
