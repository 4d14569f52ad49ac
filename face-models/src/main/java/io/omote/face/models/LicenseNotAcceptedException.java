// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.ModelException;
import org.jspecify.annotations.Nullable;

/** The license of a pack excludes commercial use and was not accepted yet; nothing was fetched. */
public class LicenseNotAcceptedException extends ModelException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public LicenseNotAcceptedException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public LicenseNotAcceptedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
