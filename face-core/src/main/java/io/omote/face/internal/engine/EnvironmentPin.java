// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ONNX Runtime's environment in place until the process ends.
 *
 * <p>ONNX Runtime's Java binding registers a shutdown hook that releases the environment at once. A
 * session that another thread opens or runs at that moment then uses freed memory, and an orderly
 * end of the JVM becomes a crash. No hook of ours can come before it, because hooks run side by
 * side. The native environment counts its references, however: with one more, the hook's release
 * frees nothing.
 *
 * <p>The call that counts is private, so it is made by reflection. Where that fails, as with a
 * version that is built differently, everything works but for the protection.
 *
 * <p>Thread-safe: it has no state but that of the process.
 */
final class EnvironmentPin {
  private static final Logger log = LoggerFactory.getLogger(EnvironmentPin.class);

  // Initialized by the first call of hold, which comes after DJL made the environment.
  private static final boolean HELD = addReference();

  private EnvironmentPin() {}

  /**
   * Holds the environment, once for the process.
   *
   * @return whether that was possible
   */
  static boolean hold() {
    return HELD;
  }

  private static boolean addReference() {
    try {
      Class<?> runtime = Class.forName("ai.onnxruntime.OnnxRuntime");
      Field api = runtime.getDeclaredField("ortApiHandle");
      api.setAccessible(true);
      Method create =
          OrtEnvironment.class.getDeclaredMethod(
              "createHandle", long.class, int.class, String.class);
      create.setAccessible(true);
      create.invoke(
          null,
          api.getLong(null),
          OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING.getValue(),
          OrtEnvironment.DEFAULT_NAME);
      return true;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      log.warn(
          "this version of ONNX Runtime cannot be kept in place at the end of the JVM ({}): end the"
              + " calls before the JVM ends",
          e.toString());
      return false;
    }
  }
}
