// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import java.lang.ref.Reference;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Allocations whose size depends on an image. An image that does not fit into the Java heap is
 * rejected as too large, and leaves the heap as it was: a large array that does not fit takes
 * nothing.
 *
 * <p>Only such arrays are allocated here. If the heap has no room for anything else, and no large
 * image is being decoded, the JVM is in trouble, and its {@link OutOfMemoryError} is passed on.
 *
 * <p>Thread-safe: there is one large allocation at a time.
 */
public final class HeapRoom {
  /** The size below which a failure is not the fault of an image. */
  private static final long LARGE = 1L << 20;

  /** The maximum number of bytes that are reserved for the rest of the call. */
  private static final long MAX_RESERVE = 16L << 20;

  private HeapRoom() {}

  /**
   * Checks that an image fits into an otherwise empty heap.
   *
   * @param bytes the size of the image in memory
   * @param found the image, in words
   * @throws ImageException if it is too large
   */
  static void require(long bytes, String found) {
    if (bytes > Runtime.getRuntime().maxMemory()) {
      throw tooLarge(bytes, found, null);
    }
  }

  /**
   * Returns a new array of bytes.
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
   * Returns a new large object.
   *
   * @param bytes its approximate size
   * @param found the image, in words
   * @param allocation allocates it, and nothing else
   * @param <T> its type
   * @return the object
   * @throws ImageException if it is large and the heap has no room for it
   */
  public static <T> T make(long bytes, String found, Supplier<T> allocation) {
    return bytes < LARGE ? allocation.get() : use(bytes, found, () -> makeLarge(bytes, allocation));
  }

  /** One at a time: several threads would each find the reserve, and together leave none. */
  private static synchronized <T> T makeLarge(long bytes, Supplier<T> allocation) {
    Runtime jvm = Runtime.getRuntime();
    long reserve = reserve(jvm);
    boolean isTight = bytes > free(jvm) - reserve;
    T made = allocation.get();
    if (isTight && bytes > reserve) {
      // An exact fit would leave no room for the next small object.
      Reference.reachabilityFence(new byte[(int) reserve]);
    }
    return made;
  }

  /**
   * Does work that needs the pixels of an image. If several threads fill the heap, there may be no
   * room for a small object beside the pixels, which are garbage afterwards.
   *
   * @param bytes the approximate size of its pixels
   * @param found the image, in words
   * @param work the work
   * @param <T> the type of the result
   * @return the result
   * @throws ImageException if it is large and the heap has no room for what the work needs
   */
  static <T> T use(long bytes, String found, Supplier<T> work) {
    try {
      return work.get();
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

  /** Returns a lower bound, because it does not count garbage. */
  private static long free(Runtime jvm) {
    return jvm.maxMemory() - jvm.totalMemory() + jvm.freeMemory();
  }

  /** Not beside a large allocation, which would take what this object needs. */
  private static synchronized ImageException tooLarge(
      long bytes, String found, OutOfMemoryError cause) {
    Runtime jvm = Runtime.getRuntime();
    return new ImageException(
        Reason.TOO_LARGE,
        String.format(
            Locale.ROOT, "an image that fits into the Java heap of %d MB", jvm.maxMemory() >> 20),
        String.format(
            Locale.ROOT,
            "%s, which takes %d MB, with %d MB free, %d MB of them reserved",
            found,
            (bytes >> 20) + 1,
            free(jvm) >> 20,
            reserve(jvm) >> 20),
        "give the JVM a larger heap (-Xmx), process fewer images at once, or lower"
            + " ImageOptions.maxPixels and maxBytes",
        cause);
  }
}
