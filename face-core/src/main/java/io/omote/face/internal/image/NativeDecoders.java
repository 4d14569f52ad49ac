// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ModelException;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The search for a {@link NativeDecoder}, once: by the class loader of this module, never by that
 * of a thread, so that all threads of a host get the same answer.
 *
 * <p>Thread-safe: its only state is that of the process.
 */
final class NativeDecoders {
  /** The module that has one, as a build tool names it. */
  static final String MODULE = "io.omote:face-opencv";

  /** The decoder, null before it was looked up. A failed static initializer would be final. */
  private static volatile @Nullable Optional<NativeDecoder> decoder;

  private NativeDecoders() {}

  /**
   * Returns the decoder.
   *
   * @return the decoder, empty if the application does not have the module
   * @throws ModelException if it has the module, which cannot be used
   */
  static Optional<NativeDecoder> find() {
    Optional<NativeDecoder> found = decoder;
    if (found == null) {
      synchronized (NativeDecoders.class) {
        found = decoder;
        if (found == null) {
          found = load();
          decoder = found;
        }
      }
    }
    return found;
  }

  private static Optional<NativeDecoder> load() {
    try {
      return ServiceLoader.load(NativeDecoder.class, NativeDecoder.class.getClassLoader())
          .findFirst();
    } catch (ServiceConfigurationError e) {
      throw new ModelException(
          "the decoder of "
              + MODULE
              + " cannot be used ("
              + e.getMessage()
              + "): use face-core and face-opencv of the same version",
          e);
    }
  }
}
