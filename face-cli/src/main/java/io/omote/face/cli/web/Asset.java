// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;

/**
 * A file of the page. The set of assets is fixed, so that no path of a request reaches another
 * file. Immutable and thread-safe.
 *
 * @param type the media type
 * @param content the bytes, which must not be modified
 */
record Asset(String type, byte[] content) {
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  /** All assets by the path of a request. */
  static final Map<String, Asset> ALL =
      Map.of(
          "/", load("page.html", "text/html; charset=utf-8"),
          "/page.js", load("page.js", SCRIPT),
          "/requests.js", load("requests.js", SCRIPT),
          "/chart.js", load("chart.js", SCRIPT),
          "/camera.js", load("camera.js", SCRIPT),
          "/page.css", load("page.css", "text/css; charset=utf-8"),
          "/icon.svg", load("icon.svg", "image/svg+xml"),
          "/openapi.json", load("openapi.json", "application/json"));

  private static Asset load(String name, String type) {
    try (InputStream stream = Asset.class.getResourceAsStream(name)) {
      return new Asset(type, stream.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "the resource %s is missing from the jar", name), e);
    }
  }
}
