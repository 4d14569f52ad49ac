// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** A form with images, which can be posted. Not thread-safe. */
final class HttpForm {
  static final String TYPE = "multipart/form-data; boundary=between";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  HttpForm add(String name, byte[] content) throws IOException {
    String head =
        "--between\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"../../secret.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
            .formatted(name);
    body.write(head.getBytes(StandardCharsets.ISO_8859_1));
    body.write(content);
    body.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  byte[] bytes() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    body.writeTo(whole);
    whole.write("--between--\r\n".getBytes(StandardCharsets.ISO_8859_1));
    return whole.toByteArray();
  }

  HttpResponse<String> post(String url, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", TYPE)
            .POST(BodyPublishers.ofByteArray(bytes()));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  static HttpResponse<String> get(String url, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }
}
