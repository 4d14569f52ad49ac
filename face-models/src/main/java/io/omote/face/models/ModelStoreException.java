// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.FaceException;
import org.jspecify.annotations.Nullable;

/** The folder that packs are kept in cannot be used, or a setting of the store has no meaning. */
public class ModelStoreException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public ModelStoreException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public ModelStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
