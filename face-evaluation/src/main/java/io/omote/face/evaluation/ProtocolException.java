// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceException;
import org.jspecify.annotations.Nullable;

/** Thrown when the folder or file that defines an evaluation is missing, invalid or incomplete. */
public final class ProtocolException extends FaceException {
  private static final long serialVersionUID = 1L;

  ProtocolException(String message) {
    super(message);
  }

  ProtocolException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
