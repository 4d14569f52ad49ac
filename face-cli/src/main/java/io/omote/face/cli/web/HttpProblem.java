// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import io.omote.face.AlignmentException;
import io.omote.face.ImageException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request that is not answered as asked, because of something that its sender can change. */
final class HttpProblem extends Exception {
  private static final long serialVersionUID = 1L;

  /** The status of HTTP. */
  private final int status;

  /** What is wrong, in one word. */
  private final String reason;

  HttpProblem(int status, String reason, String message) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  /** What is wrong with an image. */
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

  /** Of a face that cannot be aligned. */
  static HttpProblem of(String part, AlignmentException fault) {
    return new HttpProblem(
        422, "alignment", String.format(Locale.ROOT, "%s: %s", part, fault.getMessage()));
  }

  /** RFC 9457. */
  Problem problem() {
    return new Problem(status, reason, getMessage());
  }

  /**
   * The body of a refusal; the parts in this order are its form.
   *
   * @param status the status of HTTP
   * @param reason what is wrong, in one word
   * @param detail what was expected, what was found, what to do
   */
  record Problem(int status, String reason, @Nullable String detail) {}
}
