// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import java.lang.ref.Reference;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Makes what an image decides the size of. An image that the Java heap has no room for is refused
 * as too large, and leaves the heap as it was: a large array that did not fit took nothing.
 *
 * <p>Only such arrays are made here. Where the heap has no room for anything else, the JVM is in
 * trouble, and its {@link OutOfMemoryError} is passed on.
 *
 * <p>Stateless and thread-safe.
 *
 * @hidden
 */
public final class HeapRoom {
  /** Where not even that much fits, no image is at fault. */
  private static final long LARGE = 1L << 20;

  /** What must be left for the rest of the call, at most. */
  private static final long MAX_RESERVE = 16L << 20;

  private HeapRoom() {}

  /**
   * Refuses an image that the heap could not hold if nothing else were in it.
   *
   * @param bytes what the image takes
   * @param found the image, in words
   * @throws ImageException if it is too large
   */
  static void require(long bytes, String found) {
    if (bytes > Runtime.getRuntime().maxMemory()) {
      throw tooLarge(bytes, found, null);
    }
  }

  /**
   * Makes an array of bytes.
   *
   * @param count its length
   * @param found the image, in words
   * @return the array
   * @throws ImageException if it is large and the heap has no room for it
   */
  public static byte[] bytes(int count, String found) {
    return make(count, found, () -> new byte[count]);
  }

  /**
   * Makes something large.
   *
   * @param bytes about what it takes
   * @param found the image, in words
   * @param allocation makes it, and nothing else
   * @param <T> its type
   * @return what was made
   * @throws ImageException if it is large and the heap has no room for it
   */
  public static <T> T make(long bytes, String found, Supplier<T> allocation) {
    Runtime jvm = Runtime.getRuntime();
    long reserve = reserve(jvm);
    boolean isTight = bytes > free(jvm) - reserve;
    try {
      T made = allocation.get();
      if (isTight && bytes > reserve) {
        // What fits to the last byte would leave the next small object without room.
        Reference.reachabilityFence(new byte[(int) reserve]);
      }
      return made;
    } catch (OutOfMemoryError e) {
      if (bytes < LARGE) {
        throw e;
      }
      throw tooLarge(bytes, found, e);
    }
  }

  private static long reserve(Runtime jvm) {
    return Math.min(MAX_RESERVE, jvm.maxMemory() / 16);
  }

  /** At least this much; there may be garbage besides. */
  private static long free(Runtime jvm) {
    return jvm.maxMemory() - jvm.totalMemory() + jvm.freeMemory();
  }

  private static ImageException tooLarge(long bytes, String found, OutOfMemoryError cause) {
    Runtime jvm = Runtime.getRuntime();
    return new ImageException(
        Reason.TOO_LARGE,
        String.format(
            Locale.ROOT, "an image that fits into the Java heap of %d MB", jvm.maxMemory() >> 20),
        String.format(
            Locale.ROOT,
            "%s, which takes %d MB, with %d MB free, %d MB of them for the rest of the work",
            found,
            (bytes >> 20) + 1,
            free(jvm) >> 20,
            reserve(jvm) >> 20),
        "give the JVM a larger heap (-Xmx), work on fewer images at once, or lower"
            + " ImageOptions.maxPixels and maxBytes",
        cause);
  }
}
