// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Serves byte arrays, correctly or not, and counts what it sends. */
final class LocalServer implements AutoCloseable {
  /** The answer to one request. */
  @FunctionalInterface
  interface Answer {
    void send(HttpExchange exchange, byte[] content) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
  private final Map<String, Queue<Answer>> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicLong bytes = new AtomicLong();
  private volatile boolean ranges = true;
  private volatile @Nullable String proxyCredentials;

  LocalServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  LocalServer serve(String path, byte[] content) {
    contents.put(path, content);
    return this;
  }

  /** Sets the answers to the next requests for a path; later ones are answered as usual. */
  LocalServer answer(String path, Answer... next) {
    answers.computeIfAbsent(path, p -> new ConcurrentLinkedQueue<>()).addAll(List.of(next));
    return this;
  }

  LocalServer withoutRanges() {
    ranges = false;
    return this;
  }

  /** Refuses all requests without these credentials, as a proxy does. */
  LocalServer askForCredentials(String userAndPassword) {
    proxyCredentials =
        "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(UTF_8));
    return this;
  }

  /** Returns the path and range of each request. */
  List<String> requests() {
    return requests;
  }

  /** Returns the number of bytes that were sent in bodies. */
  long bytes() {
    return bytes.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String range = exchange.getRequestHeaders().getFirst("Range");
      requests.add(range == null ? path : path + " " + range);
      String given = exchange.getRequestHeaders().getFirst("Proxy-Authorization");
      if (proxyCredentials != null && !proxyCredentials.equals(given)) {
        exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"proxy\"");
        exchange.sendResponseHeaders(407, -1);
        return;
      }
      Queue<Answer> next = answers.get(path);
      Answer answer = next == null ? null : next.poll();
      byte[] content = contents.get(path);
      if (answer != null) {
        answer.send(exchange, content == null ? new byte[0] : content);
      } else if (content == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        sendWell(exchange, content);
      }
    }
  }

  void sendWell(HttpExchange exchange, byte[] content) throws IOException {
    int from = ranges ? from(exchange) : -1;
    if (from < 0) {
      send(exchange, 200, content);
      return;
    }
    String[] limits = exchange.getRequestHeaders().getFirst("Range").split("[=-]");
    int to = Math.min(content.length, Integer.parseInt(limits[2]) + 1);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.length);
    send(exchange, 206, Arrays.copyOfRange(content, from, to));
  }

  /** Returns the offset of the first requested byte, negative for a request without a range. */
  static int from(HttpExchange exchange) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    return range == null ? -1 : Integer.parseInt(range.split("[=-]")[1]);
  }

  void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    write(exchange, body, body.length);
  }

  /** Writes the first bytes of a body. */
  void write(HttpExchange exchange, byte[] body, int count) throws IOException {
    OutputStream stream = exchange.getResponseBody();
    for (int at = 0; at < count; at += 8192) {
      int length = Math.min(8192, count - at);
      stream.write(body, at, length);
      bytes.addAndGet(length);
    }
    stream.flush();
  }

  static Answer status(int status) {
    return (exchange, content) -> exchange.sendResponseHeaders(status, -1);
  }

  static Answer redirect(String location) {
    return (exchange, content) -> {
      exchange.getResponseHeaders().set("Location", location);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  /** Announces the whole content and closes the connection after some bytes. */
  Answer breakOff(int count) {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(200, content.length);
      write(exchange, content, count);
    };
  }

  /** Sends some bytes and then nothing for a while. */
  Answer stall(int count, long millis) {
    return (exchange, content) -> {
      exchange.sendResponseHeaders(200, content.length);
      write(exchange, content, count);
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
