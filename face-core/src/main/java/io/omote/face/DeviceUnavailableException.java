// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/** Thrown when the requested device cannot be used in this process. */
public class DeviceUnavailableException extends ModelException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message what was expected, what was found, and what to do
   */
  public DeviceUnavailableException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message what was expected, what was found, and what to do
   * @param cause the underlying failure, or null
   */
  public DeviceUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
