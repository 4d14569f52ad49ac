// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * What is needed to run a model is at fault: its files, its description or pack, the device, a
 * native library, or what the network gives. Whoever installs and configures can mend it; another
 * image changes nothing.
 *
 * <p>The subclasses are those that a program can do something about by itself.
 */
public class ModelException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public ModelException(String message) {
    super(message);
  }

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what failed underneath, null where nothing did
   */
  public ModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
