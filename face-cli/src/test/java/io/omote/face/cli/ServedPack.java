// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpServer;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pack for tests, on a local server and with its own store: the networks of the pack lite-fast,
 * under a license that must be accepted. Closing it restores the previous settings.
 */
final class ServedPack implements AutoCloseable {
  static final String LICENSE = "Test license";
  static final String LICENSE_URL = "https://example.org/license";
  static final List<String> FILES =
      List.of("fr_detect.onnx", "fr_landmark.onnx", "fr_feature.onnx");

  private static final AtomicInteger COUNT = new AtomicInteger();

  // A process knows a manifest for as long as it lives, so each has another name.
  private final String name = "served" + COUNT.incrementAndGet();
  private final HttpServer server;
  private final Path store;
  private final AtomicInteger requests = new AtomicInteger();
  private final List<Runnable> restore = new ArrayList<>();

  ServedPack(Path folder) {
    store = folder.resolve("store");
    set("omote.models.directory", store);
    set("user.home", folder.resolve("home"));
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            requests.incrementAndGet();
            byte[] content = content(exchange.getRequestURI().getPath().substring(1));
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
          });
      server.start();
      Path manifest = folder.resolve(name + ".json");
      Files.writeString(manifest, new Gson().toJson(manifest()));
      ModelZoo.register(manifest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  /** Returns the folder for the fetched files. */
  Path folder() {
    return store.resolve(name);
  }

  int requests() {
    return requests.get();
  }

  private void set(String property, Path value) {
    String before = System.setProperty(property, value.toString());
    restore.add(
        () -> {
          if (before == null) {
            System.clearProperty(property);
          } else {
            System.setProperty(property, before);
          }
        });
  }

  static byte[] content(String file) throws IOException {
    try (InputStream stream = ModelZoo.class.getResourceAsStream("lite/" + file)) {
      return stream.readAllBytes();
    }
  }

  private Map<String, Object> manifest() throws IOException {
    List<Map<String, Object>> files = new ArrayList<>();
    for (String file : FILES) {
      byte[] content = content(file);
      files.add(
          Map.of(
              "name",
              file,
              "size",
              content.length,
              "sha256",
              sha256(content),
              "purpose",
              file.equals("fr_feature.onnx") ? "recognition" : "detection",
              "sources",
              List.of(Map.of("url", uri(file)))));
    }
    return Map.of(
        "name", name,
        "description", "a pack for tests",
        "license",
            Map.of(
                "name",
                LICENSE,
                "url",
                LICENSE_URL,
                "commercialUse",
                false,
                "attribution",
                "nobody"),
        "archives", List.of(),
        "files", files,
        "detector",
            Map.of("family", "ultralight", "files", FILES.subList(0, 2), "inputSizes", List.of()),
        "recognizer",
            Map.of(
                "file",
                "fr_feature.onnx",
                "mean",
                127,
                "scale",
                128,
                "threshold",
                0.4,
                "thresholdCalibrated",
                false,
                "thresholdSource",
                "none",
                "operatingPoints",
                List.of()));
  }

  private String uri(String file) {
    return "http://localhost:" + server.getAddress().getPort() + "/" + file;
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    restore.forEach(Runnable::run);
  }
}
