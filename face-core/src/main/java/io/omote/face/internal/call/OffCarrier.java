// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps native work off the threads that carry virtual ones. A network that runs holds its thread
 * to the end; as many of them as there are carriers would stop all other virtual threads of the
 * application, for as long as there are calls.
 *
 * <p>Stateless and thread-safe.
 */
final class OffCarrier {
  /** {@code Thread.isVirtual()}, which Java has from 21 on; null before. */
  private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

  private OffCarrier() {}

  private static @Nullable MethodHandle isVirtual() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }

  private static boolean onVirtualThread() {
    try {
      return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Does work here, or, if this is a virtual thread, on a platform thread that ends with it: making
   * one costs little beside the run of a network.
   *
   * @param work the work
   * @return what it results in
   */
  static <T> T call(Supplier<T> work) {
    return onVirtualThread() ? onPlatformThread(work) : work.get();
  }

  static <T> T onPlatformThread(Supplier<T> work) {
    return PlatformCall.start(work).join();
  }
}
