// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import io.omote.face.FaceException;
import io.omote.face.GalleryException;
import io.omote.face.InterruptedCallException;
import io.omote.face.Landmarks.Point;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server for the page and its JSON API over HTTP. It is a demonstration, without TLS, accounts or
 * an access log. The size of a request body is limited, as is the memory for all of them together;
 * slow senders are disconnected ({@link HttpListener.Limits}).
 *
 * <p>Thread-safe. Close it before the networks and the gallery of its {@link FaceService}.
 */
public final class DemoServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoServer.class);

  /** The allowance for boundaries and headers of a part of a form. */
  private static final long FORM_BYTES = 16_384;

  private static final int PART_OF_MEMORY = 8;

  /** The time for which a body waits for memory. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** The time for which a body may keep others waiting for memory. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  /** On many systems, only an administrator may listen on lower ports. */
  private static final int FIRST_OPEN_PORT = 1024;

  private static final Pattern POINT =
      Pattern.compile("(-?\\d{1,6}(?:\\.\\d{1,20})?),(-?\\d{1,6}(?:\\.\\d{1,20})?)");

  private static final Pattern WIDTH = Pattern.compile("width=(\\d{1,4})");
  private static final int MIN_WIDTH = 280;
  private static final int MAX_WIDTH = 2000;

  private final HttpListener listener;
  private final String url;
  private final RequestGuard guard;
  private final Map<String, Route> routes;
  private final UploadBudget uploads;

  private DemoServer(InetSocketAddress address, RequestGuard guard, FaceService service)
      throws SocketException {
    this.guard = guard;
    long maxBytes = service.maxBytes();
    routes =
        Map.of(
            "/api/about",
            new Route("GET", List.of(), List.of(), maxBytes, call -> service.about()),
            "/api/scores",
            new Route("GET", List.of(), List.of(), maxBytes, call -> service.plot(call.width())),
            "/api/faces",
            new Route(
                "POST",
                List.of("image"),
                List.of(),
                maxBytes,
                call -> service.faces(call.upload("image"))),
            "/api/compare",
            new Route(
                "POST",
                List.of("first", "second"),
                List.of("firstFace", "secondFace"),
                maxBytes,
                call -> service.compare(call.upload("first"), call.upload("second"))),
            "/api/identify",
            new Route(
                "POST",
                List.of("image"),
                List.of(),
                maxBytes,
                call -> service.identify(call.upload("image"))));
    long largest = routes.values().stream().mapToLong(Route::maxBody).max().orElseThrow();
    uploads =
        new UploadBudget(
            Math.max(largest, Runtime.getRuntime().maxMemory() / PART_OF_MEMORY), PATIENCE, SLOW);
    String host = RequestGuard.literal(RequestGuard.reachable(address.getAddress()));
    listener = listen(address, this::handle);
    url = String.format(Locale.ROOT, "http://%s:%d/", host, listener.port());
  }

  /** Answers a request with a value that becomes JSON. */
  @FunctionalInterface
  private interface Handler {
    Object handle(Call call) throws HttpProblem, InterruptedException;
  }

  /**
   * An endpoint of the API.
   *
   * @param method the HTTP method
   * @param images the names of the images in the form
   * @param points the names of the optional points in the form
   * @param maxBytes the maximum size of an image
   * @param handler the handler of requests
   */
  private record Route(
      String method, List<String> images, List<String> points, long maxBytes, Handler handler) {
    long maxBody() {
      return images.size() * (maxBytes + FORM_BYTES);
    }
  }

  /**
   * A request that has arrived.
   *
   * @param query the query
   * @param parts the contents of the parts of the form by their names
   */
  private record Call(String query, Map<String, byte[]> parts) {
    /** Returns the width of a drawing. */
    int width() throws HttpProblem {
      Matcher width = WIDTH.matcher(query);
      int pixels = width.matches() ? Integer.parseInt(width.group(1)) : 0;
      if (pixels < MIN_WIDTH || pixels > MAX_WIDTH) {
        throw new HttpProblem(
            400,
            "query",
            String.format(
                Locale.ROOT,
                "expected the query width=PIXELS, from %d to %d, found another one",
                MIN_WIDTH,
                MAX_WIDTH));
      }
      return pixels;
    }

    /** Returns an image, with the point of the part {@code ...Face} if there is one. */
    Upload upload(String name) throws HttpProblem {
      byte[] point = parts.get(name + "Face");
      return new Upload(
          name,
          parts.get(name),
          point == null ? Optional.empty() : Optional.of(point(name, point)));
    }

    private static Point point(String name, byte[] text) throws HttpProblem {
      Matcher numbers = POINT.matcher(new String(text, StandardCharsets.ISO_8859_1));
      if (!numbers.matches()) {
        throw new HttpProblem(
            400,
            "form",
            String.format(
                Locale.ROOT,
                "%sFace: expected a point x,y in pixels, as 120.5,80, found another text",
                name));
      }
      return new Point(Float.parseFloat(numbers.group(1)), Float.parseFloat(numbers.group(2)));
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
   */
  public static DemoServer start(
      InetSocketAddress address, List<String> names, FaceService service) {
    try {
      DemoServer demo =
          new DemoServer(address, RequestGuard.of(address.getAddress(), names), service);
      demo.listener.start();
      return demo;
    } catch (SocketException e) {
      throw new FaceException(
          "the addresses of this machine could not be determined: check its network, or use --address 127.0.0.1",
          e);
    }
  }

  private static HttpListener listen(InetSocketAddress address, HttpListener.Handler handler)
      throws SocketException {
    try {
      return HttpListener.open(address, HttpListener.Limits.DEFAULTS, System::nanoTime, handler);
    } catch (IOException e) {
      throw new FaceException(problem(address), e);
    }
  }

  /** Explains why an address is not available; the words of the system differ by its language. */
  private static String problem(InetSocketAddress address) throws SocketException {
    String host = address.getAddress().getHostAddress();
    if (!RequestGuard.isOfThisMachine(address.getAddress())) {
      return String.format(
          Locale.ROOT,
          "cannot listen on %s, which is not an address of this machine: choose another with --address",
          host);
    }
    return String.format(
        Locale.ROOT,
        "cannot listen on %s, port %d: another program uses it%s; choose another with --port, or 0 for a free one",
        host,
        address.getPort(),
        address.getPort() < FIRST_OPEN_PORT ? ", or you may not use ports below 1024" : "");
  }

  /** Returns the address of the page, without the token. */
  public String url() {
    return url;
  }

  /** Returns the token that the API requires if it listens beyond loopback. */
  public Optional<String> token() {
    return guard.token();
  }

  private Response handle(Request request) throws IOException, InterruptedException {
    try {
      return answer(request);
    } catch (HttpProblem e) {
      return Response.of(e);
    } catch (GalleryException e) {
      LOG.warn("The gallery could not be searched", e);
      return Response.of(
          new HttpProblem(
              503, "gallery", "the gallery cannot be searched: see the log of the server"));
    } catch (InterruptedCallException e) {
      throw new InterruptedException(); // the server is being closed
    } catch (RuntimeException | Error e) {
      LOG.error("A request failed", e);
      return Response.of(
          new HttpProblem(500, "server", "internal error: see the log of the server"));
    }
  }

  private Response answer(Request request) throws IOException, HttpProblem, InterruptedException {
    guard.checkSite(request);
    Asset asset = Asset.ALL.get(request.path());
    if (asset != null) {
      checkMethod(request, List.of("GET", "HEAD"));
      return new Response(200, Map.of("Content-Type", asset.type()), asset.content());
    }
    Route route = routes.get(request.path());
    if (route == null) {
      throw new HttpProblem(404, "path", "unknown path: see /openapi.json");
    }
    checkMethod(request, List.of(route.method));
    guard.checkToken(request);
    return Response.json(200, Map.of("Content-Type", "application/json"), answer(request, route));
  }

  private static void checkMethod(Request request, List<String> allowed) throws HttpProblem {
    if (!allowed.contains(request.method())) {
      throw new HttpProblem(
          405,
          "method",
          String.format(Locale.ROOT, "method not allowed: use one of %s", allowed),
          Map.of("Allow", String.join(", ", allowed)));
    }
  }

  private Object answer(Request request, Route route)
      throws IOException, HttpProblem, InterruptedException {
    if (route.images.isEmpty()) {
      return route.handler.handle(new Call(request.query(), Map.of()));
    }
    checkLength(request, route.maxBody());
    String type = request.header("Content-Type").orElse("");
    try (UploadBudget.Body body = uploads.new Body(request.body())) {
      return route.handler.handle(
          new Call(
              request.query(),
              MultipartForm.read(type, body, route.images, route.points, route.maxBytes)));
    } catch (UploadBudget.FullException e) {
      throw new HttpProblem(503, "busy", e.getMessage(), Map.of("Retry-After", "2"));
    }
  }

  /** Checks the declared length of a body before any of it is read. */
  private static void checkLength(Request request, long most) throws HttpProblem {
    if (request.header("Content-Length").isEmpty()
        || request.header("Transfer-Encoding").isPresent()) {
      throw new HttpProblem(
          411,
          "length",
          "expected the length of the body in the header Content-Length, and no Transfer-Encoding");
    }
    if (request.length() > most) {
      throw new HttpProblem(
          413,
          "too_large",
          String.format(
              Locale.ROOT,
              "expected a body of at most %d bytes, found %d: make the image smaller",
              most,
              request.length()));
    }
  }

  /** Stops the server. Requests that are being handled are interrupted. */
  @Override
  public void close() {
    listener.close();
  }
}
