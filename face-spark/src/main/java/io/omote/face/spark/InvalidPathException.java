// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Thrown when Hadoop cannot handle a path. It stays within this package. Immutable. */
final class InvalidPathException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidPathException(String found, @Nullable IllegalArgumentException cause) {
    super(
        String.format(
            Locale.ROOT,
            "expected a path that Hadoop can handle, found %s%s: correct the path, or rename the file",
            found,
            cause == null ? "" : " (" + cause.getMessage() + ")"),
        cause);
  }
}
