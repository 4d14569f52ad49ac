// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A header with parameters, such as {@code form-data; name="image"}. Immutable and thread-safe.
 *
 * @param value the part before the parameters, in lower case
 * @param parameters the parameters by their names, regardless of case; the first one of a name
 */
record HeaderValue(String value, Map<String, String> parameters) {
  /**
   * Parses the value of a header. Names ignore case; values may be quoted; blanks around the
   * delimiters do not count (RFC 2045).
   */
  static HeaderValue parse(String text) {
    Scanner scanner = new Scanner(text);
    String value = scanner.until(";").toLowerCase(Locale.ROOT);
    Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    while (scanner.hasNext()) {
      String name = scanner.until("=;");
      parameters.putIfAbsent(name, scanner.took('=') ? scanner.until(";") : "");
    }
    return new HeaderValue(value, parameters);
  }

  /** Reads a text from left to right. */
  private static final class Scanner {
    private final String text;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    boolean hasNext() {
      return at < text.length();
    }

    /** Returns whether the last delimiter was this one. */
    boolean took(char delimiter) {
      return at > 0 && text.charAt(at - 1) == delimiter;
    }

    /** Returns the text before the next delimiter outside quotes, and moves behind it. */
    String until(String delimiters) {
      StringBuilder found = new StringBuilder();
      boolean quoted = false;
      while (hasNext()) {
        char next = text.charAt(at++);
        if (next == '"') {
          quoted = !quoted;
        } else if (quoted && next == '\\' && hasNext()) {
          found.append(text.charAt(at++));
        } else if (!quoted && delimiters.indexOf(next) >= 0) {
          break;
        } else {
          found.append(next);
        }
      }
      return found.toString().strip();
    }
  }
}
