// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/**
 * An answer.
 *
 * @param status the HTTP status
 * @param headers the headers, without those of all answers
 * @param content the body, which must not be modified
 */
record Response(int status, Map<String, String> headers, byte[] content) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  /** The headers of all answers. The page may use the camera, and nothing of other sites. */
  private static final Map<String, String> ALWAYS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
              + " blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Permissions-Policy",
          "camera=(self), microphone=(), geolocation=()",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  /** Returns an answer as JSON. */
  static Response json(int status, Map<String, String> headers, Object body) {
    return new Response(status, headers, Json.bytes(body));
  }

  /** Returns the answer to a refused request, by RFC 9457. */
  static Response of(HttpProblem problem) {
    return json(problem.problem().status(), problem.headers(), problem.problem());
  }

  /**
   * Returns the answer by RFC 9112. Clients show no reason phrase.
   *
   * @param withContent whether the body follows the status line and the headers
   */
  byte[] bytes(boolean withContent) {
    StringBuilder head = new StringBuilder();
    head.append("HTTP/1.1 ").append(status).append(" \r\n");
    head.append("Date: ").append(DATE.format(ZonedDateTime.now(ZoneOffset.UTC))).append("\r\n");
    ALWAYS.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(content.length).append("\r\n");
    head.append("Connection: close\r\n\r\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (withContent) {
      bytes.writeBytes(content);
    }
    return bytes.toByteArray();
  }
}
