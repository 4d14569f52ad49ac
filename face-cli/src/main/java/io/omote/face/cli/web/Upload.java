// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;

/**
 * Reads the parts of a form, into memory and nowhere else. Names of files are not looked at.
 * Stateless and thread-safe.
 */
final class Upload {
  private static final String FORM = "multipart/form-data";

  private Upload() {}

  /**
   * Reads images.
   *
   * @param type the media type of the body
   * @param body the body
   * @param names the parts that are expected, each once
   * @param maxBytes the largest part
   * @return the images by their parts' names
   * @throws HttpProblem if there is anything else
   * @throws IOException if the body cannot be read to its end
   */
  static Map<String, byte[]> read(String type, InputStream body, List<String> names, long maxBytes)
      throws HttpProblem, IOException {
    Map<String, byte[]> images = new HashMap<>();
    try {
      MultipartInput form =
          MultipartInput.builder().setInputStream(body).setBoundary(boundary(type)).get();
      for (boolean more = form.skipPreamble(); more; more = form.readBoundary()) {
        String name = name(form.readHeaders());
        if (!names.contains(name)) {
          throw misfit(names, "another one");
        }
        if (images.put(name, content(name, form, maxBytes)) != null) {
          throw misfit(names, "one twice");
        }
      }
    } catch (FileUploadException | IllegalArgumentException e) {
      throw new HttpProblem(
          400,
          "form",
          String.format(
              Locale.ROOT, "expected a form (%s), found a damaged one: send it again", FORM));
    }
    for (String name : names) {
      if (!images.containsKey(name)) {
        throw misfit(names, String.format(Locale.ROOT, "none of '%s'", name));
      }
    }
    return images;
  }

  private static byte[] boundary(String type) throws HttpProblem {
    ParameterParser parser = new ParameterParser();
    parser.setLowerCaseNames(true);
    String boundary = parser.parse(type, ';').get("boundary");
    if (!type.toLowerCase(Locale.ROOT).startsWith(FORM) || boundary == null) {
      throw new HttpProblem(
          415,
          "media_type",
          String.format(Locale.ROOT, "expected a form (%s), found another type of body", FORM));
    }
    return boundary.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Of a part's headers; empty where they say none. */
  private static String name(String headers) {
    return headers
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-disposition:"))
        .map(line -> new ParameterParser().parse(line.substring(line.indexOf(':') + 1), ';'))
        .map(parameters -> Objects.requireNonNullElse(parameters.get("name"), ""))
        .findFirst()
        .orElse("");
  }

  private static byte[] content(String name, MultipartInput form, long maxBytes)
      throws HttpProblem, IOException {
    byte[] content =
        form.newInputStream().readNBytes((int) Math.min(Integer.MAX_VALUE - 8, maxBytes + 1));
    if (content.length > maxBytes) {
      throw new HttpProblem(
          413,
          "too_large",
          String.format(
              Locale.ROOT,
              "%s: expected a file of at most %d bytes, found more: make the image smaller",
              name,
              maxBytes));
    }
    return content;
  }

  private static HttpProblem misfit(List<String> names, String found) {
    return new HttpProblem(
        400,
        "form",
        String.format(
            Locale.ROOT, "expected a form with the parts %s, each once, found %s", names, found));
  }
}
