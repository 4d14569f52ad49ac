// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import io.omote.face.AlignmentException;
import io.omote.face.ImageException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Thrown when a request is refused, mostly for a reason that its sender can fix. */
final class HttpProblem extends Exception {
  private static final long serialVersionUID = 1L;

  /** The HTTP status. */
  private final int status;

  /** The reason, in one word. */
  private final String reason;

  /** The headers of the answer. */
  private final transient Map<String, String> headers;

  HttpProblem(int status, String reason, String message) {
    this(status, reason, message, Map.of());
  }

  HttpProblem(int status, String reason, String message, Map<String, String> headers) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.headers = new HashMap<>(headers);
    this.headers.put("Content-Type", "application/problem+json");
  }

  /** Returns the problem of an image that was refused. */
  static HttpProblem of(String part, ImageException fault) {
    int status =
        switch (fault.reason()) {
          case TOO_LARGE -> fault.isForLackOfMemory() ? 503 : 413;
          case UNSUPPORTED_FORMAT -> 415;
          default -> 422;
        };
    return new HttpProblem(
        status,
        fault.reason().name().toLowerCase(Locale.ROOT),
        String.format(Locale.ROOT, "%s: %s", part, fault.getMessage()));
  }

  /** Returns the problem of a face that cannot be aligned. */
  static HttpProblem of(String part, AlignmentException fault) {
    return new HttpProblem(
        422, "alignment", String.format(Locale.ROOT, "%s: %s", part, fault.getMessage()));
  }

  /** Returns the headers of the answer. */
  Map<String, String> headers() {
    return headers;
  }

  /** Returns the body of the answer, by RFC 9457. */
  Problem problem() {
    return new Problem(status, reason, getMessage());
  }

  /**
   * The body of the answer with its keys in this order.
   *
   * @param status the HTTP status
   * @param reason the reason, in one word
   * @param detail the cause, and what to do
   */
  record Problem(int status, String reason, @Nullable String detail) {}
}
