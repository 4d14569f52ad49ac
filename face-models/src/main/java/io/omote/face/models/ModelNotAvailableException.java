// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.ModelException;
import org.jspecify.annotations.Nullable;

/** The files of a pack are not here, and fetching them was not asked for or is switched off. */
public class ModelNotAvailableException extends ModelException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public ModelNotAvailableException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public ModelNotAvailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
