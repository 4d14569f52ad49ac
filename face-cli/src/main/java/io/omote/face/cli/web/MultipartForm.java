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
 * A reader of multipart forms, which keeps their parts in memory only. File names are ignored.
 * Stateless and thread-safe.
 */
final class MultipartForm {
  private static final String FORM = "multipart/form-data";

  private MultipartForm() {}

  /**
   * Reads images.
   *
   * @param type the media type of the body
   * @param body the body
   * @param names the names of the expected parts, each exactly once
   * @param maxBytes the maximum size of a part
   * @return the images by the names of their parts
   * @throws HttpProblem if the form is damaged or has other parts
   * @throws IOException if the body cannot be read
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
          400, "form", String.format(Locale.ROOT, "the form (%s) is damaged: send it again", FORM));
    }
    for (String name : names) {
      if (!images.containsKey(name)) {
        throw misfit(names, String.format(Locale.ROOT, "no '%s'", name));
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

  /** Returns the name in the headers of a part, or an empty text. */
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
