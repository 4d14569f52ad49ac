// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms as clients of all kinds write them. */
class MultipartFormTest {
  private static Map<String, byte[]> read(String type, String body)
      throws HttpProblem, IOException {
    return MultipartForm.read(
        type,
        new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)),
        List.of("image"),
        List.of("point"),
        1000);
  }

  private static String part(String headers) {
    return "--b\r\n" + headers + "\r\n\r\nabc\r\n--b--\r\n";
  }

  private static void assertRead(String type, String body) throws HttpProblem, IOException {
    Map<String, byte[]> parts = read(type, body);
    assertThat(parts).containsOnlyKeys("image");
    assertThat(parts.get("image")).asString(StandardCharsets.US_ASCII).isEqualTo("abc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Disposition: form-data; name=\"image\"",
        "Content-Disposition: form-data; NAME=\"image\"",
        "CONTENT-DISPOSITION: FORM-DATA; Name=image",
        "content-disposition:form-data;name=image",
        "content-disposition :\tform-data ; name = \"image\" ; filename = x.jpg",
        "Content-Disposition: form-data; filename=\"a; name=other.jpg\"; name=\"image\"",
        "Content-Disposition: form-data; filename=\"a\\\"; name=other; \\\\\"; name=\"image\"",
        "Content-Disposition: form-data; name=\"image\"; filename*=UTF-8''%e2%82%ac%20rates.jpg",
        "Content-Disposition: form-data; filename*=UTF-8''%; name=\"image\"",
        "Content-Disposition: form-data; filename*=; name=\"image\"",
        "Content-Disposition: form-data; filename=\"=?x?q?y?=\"; name=\"image\"",
        "Content-Disposition: form-data;\r\n name=\"image\";\r\n\tfilename=\"x.jpg\"",
        "Content-Type: image/jpeg\r\nX-Name: other\r\nContent-Disposition: form-data; name=image",
        "Content-Disposition: form-data; name=\"im\\age\"",
        "Content-Disposition: form-data; name=\"image\"; name=\"other\"",
        "Content-Disposition: form-data; name=\"image\"; filename=\"unfinished"
      })
  void legalNames_areRead(String headers) throws Exception {
    assertRead("multipart/form-data; boundary=b", part(headers));
  }

  @Test
  void longNamesOfFiles_areRead() throws Exception {
    assertRead(
        "multipart/form-data; boundary=b",
        part(
            "Content-Disposition: form-data; name=\"image\"; filename=\""
                + "%E3%81%82".repeat(255)
                + "\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Disposition: form-data; name=\"Image\"",
        "Content-Disposition: form-data; name=\"image\\\"\"",
        "Content-Disposition: form-data; filename=\"; name=image\"",
        "Content-Disposition: attachment; name=\"image\"",
        "Content-Disposition: form-data; name=",
        "Content-Disposition: form-data; name",
        "Content-Disposition: ;=;",
        "Content-Disposition:",
        "X-Content-Disposition: form-data; name=image",
        "Content-Type: image/jpeg"
      })
  void otherNames_areRefused(String headers) {
    assertThatThrownBy(() -> read("multipart/form-data; boundary=b", part(headers)))
        .isInstanceOf(HttpProblem.class)
        .hasMessageContaining("found another one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=b",
        "Multipart/Form-Data;BOUNDARY=\"b\"",
        "multipart/form-data ; charset=utf-8 ; boundary = b",
        "multipart/form-data; x=\"; boundary=c\"; boundary=b"
      })
  void legalTypes_areRead(String type) throws Exception {
    assertRead(type, part("Content-Disposition: form-data; name=image"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary",
        "multipart/form-data-x; boundary=b",
        "multipart/mixed; boundary=b",
        "text/plain; a=\"multipart/form-data; boundary=b\""
      })
  void otherTypes_areRefused(String type) {
    assertThatThrownBy(() -> read(type, part("Content-Disposition: form-data; name=image")))
        .isInstanceOf(HttpProblem.class)
        .hasMessageContaining("expected a form");
  }

  @Test
  void optionalParts_mayBeMissing() throws Exception {
    String form =
        "--b\r\nContent-Disposition: form-data; name=point\r\n\r\n1,2\r\n"
            + part("Content-Disposition: form-data; name=image");
    assertThat(read("multipart/form-data; boundary=b", form)).containsOnlyKeys("image", "point");
  }

  /** The rest is read, so that the whole body has arrived before it is handled. */
  @Test
  void epilogue_isReadAndIgnored() throws Exception {
    ByteArrayInputStream body =
        new ByteArrayInputStream(
            (part("Content-Disposition: form-data; name=image") + "x".repeat(10_000))
                .getBytes(StandardCharsets.ISO_8859_1));
    MultipartForm.read("multipart/form-data; boundary=b", body, List.of("image"), List.of(), 1000);
    assertThat(body.available()).isZero();
  }
}
