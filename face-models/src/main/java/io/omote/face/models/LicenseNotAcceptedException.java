// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.ModelException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the license of a pack excludes commercial use and has not been accepted. Nothing was
 * fetched.
 */
public class LicenseNotAcceptedException extends ModelException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public LicenseNotAcceptedException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   * @param cause the underlying failure, or null
   */
  public LicenseNotAcceptedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
