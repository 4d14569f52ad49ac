// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.ModelException;
import org.jspecify.annotations.Nullable;

/** Thrown when a file could not be downloaded from any of its sources. */
public class ModelDownloadException extends ModelException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public ModelDownloadException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   * @param cause the underlying failure, or null
   */
  public ModelDownloadException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
