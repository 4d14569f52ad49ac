// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A failed request, and whether retrying it makes sense. */
final class HttpFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;
  private final transient Optional<Duration> retryAfter;

  private HttpFailure(String message, boolean retryable, Optional<Duration> retryAfter) {
    super(message);
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }

  static HttpFailure permanent(String message) {
    return new HttpFailure(message, false, Optional.empty());
  }

  static HttpFailure temporary(String message) {
    return new HttpFailure(message, true, Optional.empty());
  }

  static HttpFailure temporary(String message, Optional<Duration> retryAfter) {
    return new HttpFailure(message, true, retryAfter);
  }

  boolean isRetryable() {
    return retryable;
  }

  /** Returns the delay that the server asked for, empty if it asked for none. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
