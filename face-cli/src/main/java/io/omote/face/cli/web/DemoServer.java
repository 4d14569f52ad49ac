// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.omote.face.GalleryException;
import io.omote.face.InterruptedCallException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page, and JSON over HTTP. A demonstration: it has no TLS, no accounts and no record of what
 * it did. Bodies have a limit, and so has the memory that all of them take together; who sends
 * slowly is cut off.
 *
 * <p>Safe for use by several threads at once. Close it before what the {@link FaceService} is made
 * of.
 */
public final class DemoServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoServer.class);

  /** Around the images of a form: boundaries, and headers of parts. */
  private static final long FORM_BYTES = 16_384;

  private static final int PART_OF_MEMORY = 8;
  private static final int CLOSING_SECONDS = 1;

  /**
   * Of the JDK's server: seconds that a request may take to arrive, and an answer to leave; bytes
   * of a refused body that are read and dropped, so that its sender gets to read why; the number of
   * connections; answers without delay.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "30",
          "sun.net.httpserver.maxRspTime", "120",
          "sun.net.httpserver.drainAmount", "100000000",
          "jdk.httpserver.maxConnections", "100",
          "sun.net.httpserver.nodelay", "true");

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
              + " blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final HttpServer server;
  private final String url;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final RequestGuard gate;
  private final Map<String, Route> routes;

  private final UploadBudget room;

  private DemoServer(HttpServer server, RequestGuard gate, FaceService service) throws IOException {
    this.server = server;
    InetSocketAddress address = server.getAddress();
    url =
        String.format(
            Locale.ROOT,
            "http://%s:%d/",
            RequestGuard.literal(RequestGuard.reachable(address.getAddress())),
            address.getPort());
    this.gate = gate;
    long maxBytes = service.maxBytes();
    routes =
        Map.of(
            "/api/about", new Route("GET", List.of(), maxBytes, parts -> service.about()),
            "/api/faces",
                new Route(
                    "POST", List.of("image"), maxBytes, parts -> service.faces(parts.get("image"))),
            "/api/compare",
                new Route(
                    "POST",
                    List.of("first", "second"),
                    maxBytes,
                    parts -> service.compare(parts.get("first"), parts.get("second"))),
            "/api/identify",
                new Route(
                    "POST",
                    List.of("image"),
                    maxBytes,
                    parts -> service.identify(parts.get("image"))));
    long largest = routes.values().stream().mapToLong(Route::maxBody).max().orElseThrow();
    room = new UploadBudget(Math.max(largest, Runtime.getRuntime().maxMemory() / PART_OF_MEMORY));
  }

  /** What makes an answer of images. */
  @FunctionalInterface
  private interface Answer {
    Object of(Map<String, byte[]> parts) throws HttpProblem, InterruptedException;
  }

  /**
   * A way to ask.
   *
   * @param method the method of HTTP
   * @param parts the images that it takes
   * @param maxBytes the largest image
   * @param answer what answers
   */
  private record Route(String method, List<String> parts, long maxBytes, Answer answer) {
    long maxBody() {
      return parts.size() * (maxBytes + FORM_BYTES);
    }
  }

  /**
   * Starts to listen.
   *
   * @param address where; port 0 takes a free one
   * @param names further names by which this machine is called, beside its addresses
   * @param service what answers
   * @return the server
   * @throws IOException if it cannot listen there
   */
  public static DemoServer start(InetSocketAddress address, List<String> names, FaceService service)
      throws IOException {
    SETTINGS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
    RequestGuard gate = RequestGuard.of(address.getAddress(), names);
    DemoServer demo = new DemoServer(listen(address), gate, service);
    demo.server.setExecutor(demo.threads);
    demo.server.createContext("/", demo::handle);
    demo.server.start();
    return demo;
  }

  private static HttpServer listen(InetSocketAddress address) throws IOException {
    try {
      return HttpServer.create(address, 0);
    } catch (BindException e) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "expected a free port %d of an address of this machine, found %s (%s): choose others by --port and --address",
              address.getPort(),
              address,
              e.getMessage()),
          e);
    }
  }

  /** Where the page is, without the token. */
  public String url() {
    return url;
  }

  /** What the API asks for beyond loopback. */
  public Optional<String> token() {
    return gate.token();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers answer = exchange.getResponseHeaders();
      HEADERS.forEach(answer::set);
      try {
        answer(exchange);
      } catch (HttpProblem e) {
        refuse(exchange, e);
      } catch (GalleryException e) {
        LOG.warn("The gallery could not be searched", e);
        refuse(
            exchange,
            new HttpProblem(
                503,
                "gallery",
                "expected the gallery to answer, found that it does not: the server's log says why"));
      } catch (InterruptedException | InterruptedCallException e) {
        Thread.currentThread().interrupt(); // the server is being closed
      } catch (RuntimeException | Error e) {
        LOG.error("A request was not answered", e);
        refuse(
            exchange,
            new HttpProblem(
                500,
                "server",
                "expected an answer, found an error of the server: its log says why"));
      }
    }
  }

  private void answer(HttpExchange exchange) throws IOException, HttpProblem, InterruptedException {
    Headers headers = exchange.getRequestHeaders();
    gate.checkSite(headers);
    String path = exchange.getRequestURI().getPath();
    Asset asset = Asset.ALL.get(path);
    if (asset != null) {
      checkMethod(exchange, List.of("GET", "HEAD"));
      send(exchange, 200, asset.type(), asset.content());
      return;
    }
    Route route = routes.get(path);
    if (route == null) {
      throw new HttpProblem(404, "path", "expected a path of /openapi.json, found another one");
    }
    checkMethod(exchange, List.of(route.method));
    gate.checkToken(headers);
    send(exchange, 200, "application/json", Json.bytes(answer(exchange, route)));
  }

  private static void checkMethod(HttpExchange exchange, List<String> allowed) throws HttpProblem {
    if (!allowed.contains(exchange.getRequestMethod())) {
      exchange.getResponseHeaders().set("Allow", String.join(", ", allowed));
      throw new HttpProblem(
          405,
          "method",
          String.format(Locale.ROOT, "expected one of %s, found another method", allowed));
    }
  }

  private Object answer(HttpExchange exchange, Route route)
      throws IOException, HttpProblem, InterruptedException {
    if (route.parts.isEmpty()) {
      return route.answer.of(Map.of());
    }
    checkLength(exchange.getRequestHeaders(), route.maxBody());
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    try (UploadBudget.Body body = room.new Body(exchange.getRequestBody())) {
      return route.answer.of(
          Upload.read(type == null ? "" : type, body, route.parts, route.maxBytes));
    } catch (UploadBudget.FullException e) {
      throw new HttpProblem(503, "busy", e.getMessage());
    }
  }

  /** What a request says of its body's length, before any of it is read. */
  private static void checkLength(Headers headers, long most) throws HttpProblem {
    @Nullable String length = headers.getFirst("Content-Length");
    if (length == null || headers.containsKey("Transfer-Encoding")) {
      throw new HttpProblem(
          411, "length", "expected the header Content-Length, found none: say the length before");
    }
    long bytes = Long.parseLong(length); // the JDK's server has refused what is no number
    if (bytes > most) {
      throw new HttpProblem(
          413,
          "too_large",
          String.format(
              Locale.ROOT,
              "expected a body of at most %d bytes, found %d: make the image smaller",
              most,
              bytes));
    }
  }

  private static void refuse(HttpExchange exchange, HttpProblem refusal) throws IOException {
    if (refusal.problem().status() == 401) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
    }
    send(
        exchange,
        refusal.problem().status(),
        "application/problem+json",
        Json.bytes(refusal.problem()));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] content)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : content.length);
    if (!head) {
      exchange.getResponseBody().write(content);
      exchange.getResponseBody().flush(); // before the rest of a refused body is waited for
    }
  }

  /** Ends once the requests at work are answered, or after a second. */
  @Override
  public void close() {
    server.stop(CLOSING_SECONDS);
    threads.shutdownNow();
  }
}
