// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.ModelException;
import org.jspecify.annotations.Nullable;

/** Thrown when files of a pack are missing and fetching was not requested or is switched off. */
public class ModelNotAvailableException extends ModelException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public ModelNotAvailableException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   * @param cause the underlying failure, or null
   */
  public ModelNotAvailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
