// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;

/**
 * A file of the page. There are these and no others, so that no path leads anywhere else. Immutable
 * and thread-safe.
 *
 * @param type its media type
 * @param content its bytes, which nobody changes
 */
record Asset(String type, byte[] content) {
  /** By the path of a request. */
  static final Map<String, Asset> ALL =
      Map.of(
          "/", load("page.html", "text/html; charset=utf-8"),
          "/page.js", load("page.js", "text/javascript; charset=utf-8"),
          "/page.css", load("page.css", "text/css; charset=utf-8"),
          "/icon.svg", load("icon.svg", "image/svg+xml"),
          "/openapi.json", load("openapi.json", "application/json"));

  private static Asset load(String name, String type) {
    try (InputStream stream = Asset.class.getResourceAsStream(name)) {
      return new Asset(type, stream.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "expected the resource %s in the jar", name), e);
    }
  }
}
