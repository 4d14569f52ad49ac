// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * Thrown when a sample of that name already exists with another embedding. The gallery is unchanged
 * and still accepts writes: give the sample another name, or remove the existing one first.
 */
public final class DuplicateSampleException extends GalleryException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public DuplicateSampleException(String message) {
    super(message);
  }
}
