// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * A sample of that name is there already with another embedding. The gallery itself is as it was
 * and can be written to: only this sample needs another name, or the other one must be removed
 * first.
 */
public class DuplicateSampleException extends GalleryException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was expected, what was found, what to do
   */
  public DuplicateSampleException(String message) {
    super(message);
  }
}
