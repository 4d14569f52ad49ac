// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.omote.face.FaceException;
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
 * A server for the page and its JSON API over HTTP. It is a demonstration, without TLS, accounts or
 * an access log. The size of a request body is limited, as is the memory for all of them together;
 * slow senders are disconnected.
 *
 * <p>Thread-safe. Close it before the networks and the gallery of its {@link FaceService}.
 */
public final class DemoServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoServer.class);

  /** The allowance for boundaries and headers of a part of a form. */
  private static final long FORM_BYTES = 16_384;

  private static final int PART_OF_MEMORY = 8;
  private static final int CLOSING_SECONDS = 1;

  /**
   * The settings of the JDK's server: seconds that a request may take to arrive, and an answer to
   * be sent; bytes of a refused body that are discarded, so that its sender can read the reason;
   * the number of connections; answers without delay.
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
  private final RequestGuard guard;
  private final Map<String, Route> routes;
  private final UploadBudget uploads;

  private DemoServer(HttpServer server, RequestGuard guard, FaceService service)
      throws IOException {
    this.server = server;
    InetSocketAddress address = server.getAddress();
    url =
        String.format(
            Locale.ROOT,
            "http://%s:%d/",
            RequestGuard.literal(RequestGuard.reachable(address.getAddress())),
            address.getPort());
    this.guard = guard;
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
    uploads =
        new UploadBudget(Math.max(largest, Runtime.getRuntime().maxMemory() / PART_OF_MEMORY));
  }

  /** Answers a request with a value that becomes JSON. */
  @FunctionalInterface
  private interface Handler {
    Object handle(Map<String, byte[]> images) throws HttpProblem, InterruptedException;
  }

  /**
   * An endpoint of the API.
   *
   * @param method the HTTP method
   * @param parts the names of the images in the form
   * @param maxBytes the maximum size of an image
   * @param handler the handler of requests
   */
  private record Route(String method, List<String> parts, long maxBytes, Handler handler) {
    long maxBody() {
      return parts.size() * (maxBytes + FORM_BYTES);
    }
  }

  /**
   * Starts a server.
   *
   * @param address the address to listen on; port 0 chooses a free one
   * @param names host names of this machine, in addition to its addresses
   * @param service the service that answers requests
   * @return the server
   * @throws FaceException if the port is in use, or the address is not one of this machine
   * @throws IOException if the server cannot listen for another reason
   */
  public static DemoServer start(InetSocketAddress address, List<String> names, FaceService service)
      throws IOException {
    SETTINGS.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
    RequestGuard guard = RequestGuard.of(address.getAddress(), names);
    DemoServer demo = new DemoServer(listen(address), guard, service);
    demo.server.setExecutor(demo.threads);
    demo.server.createContext("/", demo::handle);
    demo.server.start();
    return demo;
  }

  private static HttpServer listen(InetSocketAddress address) throws IOException {
    try {
      return HttpServer.create(address, 0);
    } catch (BindException e) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "cannot listen on %s, port %d (%s): choose a free port with --port, and an address of this machine with --address",
              address.getAddress().getHostAddress(),
              address.getPort(),
              e.getMessage()),
          e);
    }
  }

  /** Returns the address of the page, without the token. */
  public String url() {
    return url;
  }

  /** Returns the token that the API requires if it listens beyond loopback. */
  public Optional<String> token() {
    return guard.token();
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
                503, "gallery", "the gallery cannot be searched: see the log of the server"));
      } catch (InterruptedException | InterruptedCallException e) {
        Thread.currentThread().interrupt(); // the server is being closed
      } catch (RuntimeException | Error e) {
        LOG.error("A request failed", e);
        refuse(
            exchange, new HttpProblem(500, "server", "internal error: see the log of the server"));
      }
    }
  }

  private void answer(HttpExchange exchange) throws IOException, HttpProblem, InterruptedException {
    Headers headers = exchange.getRequestHeaders();
    guard.checkSite(headers);
    String path = exchange.getRequestURI().getPath();
    Asset asset = Asset.ALL.get(path);
    if (asset != null) {
      checkMethod(exchange, List.of("GET", "HEAD"));
      send(exchange, 200, asset.type(), asset.content());
      return;
    }
    Route route = routes.get(path);
    if (route == null) {
      throw new HttpProblem(404, "path", "unknown path: see /openapi.json");
    }
    checkMethod(exchange, List.of(route.method));
    guard.checkToken(headers);
    send(exchange, 200, "application/json", Json.bytes(answer(exchange, route)));
  }

  private static void checkMethod(HttpExchange exchange, List<String> allowed) throws HttpProblem {
    if (!allowed.contains(exchange.getRequestMethod())) {
      exchange.getResponseHeaders().set("Allow", String.join(", ", allowed));
      throw new HttpProblem(
          405, "method", String.format(Locale.ROOT, "method not allowed: use one of %s", allowed));
    }
  }

  private Object answer(HttpExchange exchange, Route route)
      throws IOException, HttpProblem, InterruptedException {
    if (route.parts.isEmpty()) {
      return route.handler.handle(Map.of());
    }
    checkLength(exchange.getRequestHeaders(), route.maxBody());
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    try (UploadBudget.Body body = uploads.new Body(exchange.getRequestBody())) {
      return route.handler.handle(
          MultipartForm.read(type == null ? "" : type, body, route.parts, route.maxBytes));
    } catch (UploadBudget.FullException e) {
      throw new HttpProblem(503, "busy", e.getMessage());
    }
  }

  /** Checks the declared length of a body before any of it is read. */
  private static void checkLength(Headers headers, long most) throws HttpProblem {
    @Nullable String length = headers.getFirst("Content-Length");
    if (length == null || headers.containsKey("Transfer-Encoding")) {
      throw new HttpProblem(
          411, "length", "the header Content-Length is missing: declare the length of the body");
    }
    long bytes =
        Long.parseLong(length); // the JDK's server has already refused values that are not numbers
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

  private static void refuse(HttpExchange exchange, HttpProblem problem) throws IOException {
    if (problem.problem().status() == 401) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
    }
    send(
        exchange,
        problem.problem().status(),
        "application/problem+json",
        Json.bytes(problem.problem()));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] content)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : content.length);
    if (!head) {
      exchange.getResponseBody().write(content);
      exchange.getResponseBody().flush(); // before the server discards the rest of a refused body
    }
  }

  /** Stops the server once running requests are answered, or after a second. */
  @Override
  public void close() {
    server.stop(CLOSING_SECONDS);
    threads.shutdownNow();
  }
}
