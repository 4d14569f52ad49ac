// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.ModelException;
import org.jspecify.annotations.Nullable;

/** Thrown when the size or SHA-256 of a file differs from the manifest of its pack. */
public class ModelIntegrityException extends ModelException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public ModelIntegrityException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   * @param cause the underlying failure, or null
   */
  public ModelIntegrityException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
