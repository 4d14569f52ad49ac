// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import java.io.IOException;

/**
 * Thrown when the server does not resume a {@link RemoteStream}. The stream is now at the first
 * byte of the resource; discard what was read before.
 */
public final class RestartedException extends IOException {
  private static final long serialVersionUID = 1L;

  RestartedException() {
    super("the server started over at the first byte");
  }
}
