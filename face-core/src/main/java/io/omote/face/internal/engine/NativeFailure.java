// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import io.omote.face.ModelException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Failures to load a native library, as exceptions that say what to do. Stateless and thread-safe.
 */
public final class NativeFailure {
  private NativeFailure() {}

  /**
   * Returns the exception for a failure.
   *
   * @param failed the beginning of its message, as in {@code "OpenCV could not be loaded"}
   * @param failure the failure, which may stem from an earlier call
   * @param remedy returns the advice for a cause that is specific to this library, empty for others
   * @param otherwise the advice if the cause is unknown
   * @return the exception
   */
  public static ModelException of(
      String failed,
      Throwable failure,
      Function<Throwable, Optional<String>> remedy,
      String otherwise) {
    if (failure instanceof ModelException known) {
      return new ModelException(known.getMessage(), known);
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    Throwable cause = root;
    return new ModelException(
        String.format(
            Locale.ROOT,
            "%s (%s): %s",
            failed,
            root,
            remedy.apply(root).or(() -> commonRemedy(cause)).orElse(otherwise)),
        failure);
  }

  private static Optional<String> commonRemedy(Throwable root) {
    if (root instanceof IllegalCallerException) {
      return Optional.of(
          "start the JVM with --enable-native-access=ALL-UNNAMED, or on the module path with"
              + " --enable-native-access=com.microsoft.onnxruntime (with face-opencv"
              + " com.microsoft.onnxruntime,opencv, and io.omote.face.opencv if -D"
              + NativeFolder.PROPERTY
              + " is set)");
    }
    if (root instanceof ClassNotFoundException) {
      return Optional.of(
          "a jar is missing, or this Java runtime lacks a module: install a complete one, or add the"
              + " module to it (jlink --add-modules)");
    }
    return NativeFolder.remedy(root);
  }
}
