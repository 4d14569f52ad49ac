// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reference that keeps ONNX Runtime's environment until the process ends.
 *
 * <p>ONNX Runtime's Java binding registers a shutdown hook that releases the environment at once. A
 * session that another thread opens or runs at that moment then uses freed memory, and an orderly
 * exit of the JVM becomes a crash. Hooks run concurrently, so that no hook of this library could
 * prevent it. However, the native environment counts its references: with one more, the hook's
 * release frees nothing.
 *
 * <p>The call that adds a reference is private, so this class makes it by reflection. If that
 * fails, for example with a version that is built differently, only the protection is missing.
 *
 * <p>Thread-safe: its only state is that of the process.
 */
final class EnvironmentPin {
  private static final Logger log = LoggerFactory.getLogger(EnvironmentPin.class);

  // Initialized by the first call of hold, after DJL has created the environment.
  private static final boolean HELD = addReference();

  private EnvironmentPin() {}

  /**
   * Holds the environment, once in the process.
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
          "this version of ONNX Runtime cannot be kept alive while the JVM exits ({}): finish all"
              + " calls before the JVM exits",
          e.toString());
      return false;
    }
  }
}
