// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a model, or a decoder of images, cannot be used: because of its files, its
 * description or pack, the device, a library, the Java runtime, or the outputs of the network. The
 * operator can fix it; another image cannot.
 *
 * <p>Subclasses are the cases that a program can handle by itself.
 */
public class ModelException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public ModelException(String message) {
    super(message);
  }

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   * @param cause the underlying failure, or null
   */
  public ModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
