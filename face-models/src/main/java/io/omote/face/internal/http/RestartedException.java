// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import java.io.IOException;

/**
 * The server does not continue where a {@link RemoteStream} stands: the stream now stands at the
 * first byte of the resource, and what was read before is void.
 */
public final class RestartedException extends IOException {
  private static final long serialVersionUID = 1L;

  RestartedException() {
    super("the server starts over at the first byte");
  }
}
