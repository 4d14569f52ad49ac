// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/** A picture shows several faces where one was asked for ({@link FaceSelection#ONLY}). */
public class SeveralFacesException extends FaceException {
  private static final long serialVersionUID = 1L;

  /** The number of faces found. */
  private final int count;

  /**
   * Makes the exception.
   *
   * @param count the number of faces found
   */
  public SeveralFacesException(int count) {
    this(
        "expected one face, found "
            + count
            + ": crop the picture, or choose another FaceSelection than ONLY",
        count);
  }

  SeveralFacesException(String message, int count) {
    super(message);
    this.count = count;
  }

  /**
   * How many faces there are.
   *
   * @return the number of faces found, 2 or more
   */
  public int count() {
    return count;
  }
}
