// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.MultipartInput;

/**
 * A reader of multipart forms, which keeps their parts in memory only. File names are ignored.
 * Stateless and thread-safe.
 */
final class MultipartForm {
  private static final String FORM = "multipart/form-data";

  /** The size of the headers of a part, which contain the name of a file in any alphabet. */
  private static final int HEADER_BYTES = 8192;

  /** A header that continues on the next line. */
  private static final Pattern FOLD = Pattern.compile("\\r\\n[ \\t]++");

  private static final Pattern DISPOSITION =
      Pattern.compile("content-disposition[ \\t]*:", Pattern.CASE_INSENSITIVE);

  private MultipartForm() {}

  /**
   * Reads the parts of a form.
   *
   * @param type the media type of the body
   * @param body the body, which is read to its end
   * @param names the names of the expected parts, each exactly once
   * @param optional the names of parts that may be missing
   * @param maxBytes the maximum size of a part
   * @return the contents of the parts by their names
   * @throws HttpProblem if the form is damaged or has other parts
   * @throws IOException if the body cannot be read
   */
  static Map<String, byte[]> read(
      String type, InputStream body, List<String> names, List<String> optional, long maxBytes)
      throws HttpProblem, IOException {
    Map<String, byte[]> parts = new HashMap<>();
    try {
      MultipartInput form =
          MultipartInput.builder()
              .setInputStream(body)
              .setBoundary(boundary(type))
              .setMaxPartHeaderSize(HEADER_BYTES)
              .get();
      for (boolean more = form.skipPreamble(); more; more = form.readBoundary()) {
        String name = name(form.readHeaders());
        if (!names.contains(name) && !optional.contains(name)) {
          throw misfit(names, "another one");
        }
        if (parts.put(name, content(name, form, maxBytes)) != null) {
          throw misfit(names, "one twice");
        }
      }
      body.transferTo(OutputStream.nullOutputStream()); // what follows the last part
    } catch (FileUploadException | IllegalArgumentException e) {
      throw new HttpProblem(
          400, "form", String.format(Locale.ROOT, "the form (%s) is damaged: send it again", FORM));
    }
    for (String name : names) {
      if (!parts.containsKey(name)) {
        throw misfit(names, String.format(Locale.ROOT, "no '%s'", name));
      }
    }
    return parts;
  }

  private static byte[] boundary(String type) throws HttpProblem {
    HeaderValue header = HeaderValue.parse(type);
    String boundary = header.parameters().getOrDefault("boundary", "");
    if (!header.value().equals(FORM) || boundary.isEmpty()) {
      throw new HttpProblem(
          415,
          "media_type",
          String.format(Locale.ROOT, "expected a form (%s), found another type of body", FORM));
    }
    return boundary.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns the name in the headers of a part, or an empty text. */
  private static String name(String headers) {
    return FOLD.matcher(headers)
        .replaceAll(" ")
        .lines()
        .filter(line -> DISPOSITION.matcher(line).lookingAt())
        .map(line -> HeaderValue.parse(line.substring(line.indexOf(':') + 1)))
        .filter(disposition -> disposition.value().equals("form-data"))
        .map(disposition -> disposition.parameters().getOrDefault("name", ""))
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
