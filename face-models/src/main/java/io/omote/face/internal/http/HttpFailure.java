// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A request that failed, and whether it is worth another attempt. */
final class HttpFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;
  private final transient Optional<Duration> retryAfter;

  private HttpFailure(String message, boolean retryable, Optional<Duration> retryAfter) {
    super(message);
    this.retryable = retryable;
    this.retryAfter = retryAfter;
  }

  static HttpFailure lasting(String message) {
    return new HttpFailure(message, false, Optional.empty());
  }

  static HttpFailure passing(String message) {
    return new HttpFailure(message, true, Optional.empty());
  }

  static HttpFailure passing(String message, Optional<Duration> retryAfter) {
    return new HttpFailure(message, true, retryAfter);
  }

  boolean isRetryable() {
    return retryable;
  }

  /** How long the server asks to wait. */
  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
