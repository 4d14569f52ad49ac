// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/** Thrown when the requested device cannot be used in this process. */
public final class DeviceUnavailableException extends ModelException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   * @param cause the underlying failure
   */
  public DeviceUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
