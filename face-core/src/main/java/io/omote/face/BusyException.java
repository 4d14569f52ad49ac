// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * Thrown when a call gets no turn within {@link FaceMatcher.Builder#maxWait}, because other calls
 * are in progress. The same call may succeed later: a web service answers with status 503 and
 * {@code Retry-After}.
 */
public final class BusyException extends FaceException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the problem and how to fix it
   */
  public BusyException(String message) {
    super(message);
  }
}
