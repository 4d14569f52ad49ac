// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps native work off the carriers of virtual threads. A running network holds its thread to the
 * end: as many calls as there are carriers would block all other virtual threads of the
 * application.
 *
 * <p>Stateless and thread-safe.
 */
final class OffCarrier {
  /** {@code Thread.isVirtual()}, or null before Java 21. */
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
   * Runs work on this thread or, if this thread is virtual, on a new platform thread, which costs
   * little compared with the run of a network.
   *
   * @param work the work
   * @return the result of the work
   */
  static <T> T call(Supplier<T> work) {
    return onVirtualThread() ? onPlatformThread(work) : work.get();
  }

  static <T> T onPlatformThread(Supplier<T> work) {
    return PlatformCall.start(work).join();
  }
}
