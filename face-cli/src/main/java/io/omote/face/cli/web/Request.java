// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request, of which the body may still be arriving.
 *
 * @param method the method
 * @param path the path without the query, as sent: percent-encoding is not decoded
 * @param query the query, as sent, or an empty text
 * @param headers the values of all headers by their names, regardless of case
 * @param body the body, as long as the headers declare
 */
record Request(
    String method, String path, String query, Map<String, List<String>> headers, InputStream body) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern FIRST_LINE =
      Pattern.compile(
          "("
              + TOKEN
              + ") (?:(?i:http)://([!-.0->@-~]+))?(/[!->@-~]*)(?:\\?([!-~]*))? HTTP/1\\.[01]");
  private static final Pattern HEADER =
      Pattern.compile("(" + TOKEN + "):[ \\t]*+([\\t\\x20-\\x7e\\x80-\\xff]*)");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  /**
   * Parses the head of a request, by RFC 9112.
   *
   * @param bytes the request line and the headers, including the empty line
   * @return the request, without a body
   * @throws HttpProblem if it is not a request of HTTP/1.0 or 1.1
   */
  static Request parse(byte[] bytes) throws HttpProblem {
    String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\r\n", -1);
    Matcher first = FIRST_LINE.matcher(lines[0]);
    if (!first.matches()) {
      throw damaged();
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < lines.length - 2; i++) { // then the empty line and what follows it
      Matcher header = HEADER.matcher(lines[i]);
      if (!header.matches()) {
        throw damaged();
      }
      headers
          .computeIfAbsent(header.group(1), name -> new ArrayList<>())
          .add(header.group(2).strip());
    }
    if (first.group(2) != null) {
      headers.put("Host", List.of(first.group(2))); // a whole URL, as for a proxy
    }
    String query = Objects.requireNonNullElse(first.group(4), "");
    return new Request(
        first.group(1), first.group(3), query, headers, InputStream.nullInputStream());
  }

  /** Returns the problem of bytes that are not a request. */
  static HttpProblem damaged() {
    return new HttpProblem(400, "request", "the request is not HTTP/1.1");
  }

  Request withBody(InputStream content) {
    return new Request(method, path, query, headers, content);
  }

  /** Returns all values of a header. */
  List<String> all(String name) {
    return headers.getOrDefault(name, List.of());
  }

  /** Returns the first value of a header. */
  Optional<String> header(String name) {
    return all(name).stream().findFirst();
  }

  /**
   * Returns the declared length of the body, or 0.
   *
   * @throws HttpProblem if the length is not a number, or is declared twice
   */
  long length() throws HttpProblem {
    List<String> declared = all("Content-Length");
    if (declared.isEmpty()) {
      return 0;
    }
    if (declared.size() > 1 || !LENGTH.matcher(declared.get(0)).matches()) {
      throw new HttpProblem(
          400,
          "length",
          "expected one header Content-Length, with the number of bytes of the body");
    }
    return Long.parseLong(declared.get(0));
  }
}
