// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one fetch, which together have one deadline. Java's proxy settings apply, and a
 * proxy is given the credentials of Java's default authenticator. Used by one thread.
 */
public final class HttpSession {
  private static final int MAX_REDIRECTS = 10;

  /** The longest pause, also where a server asks for a longer one. */
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

  private final HttpLimits limits;
  private final HttpClient client;
  private final Optional<ProxyAuthenticator> authenticator;
  private final long end;

  /**
   * Starts a session; its deadline runs from now on. No socket is opened.
   *
   * @param limits how long things may take
   */
  public HttpSession(HttpLimits limits) {
    this.limits = limits;
    this.end = System.nanoTime() + limits.deadline().toNanos();
    this.authenticator =
        Optional.ofNullable(Authenticator.getDefault()).map(ProxyAuthenticator::new);
    // Applications take the selector away to say that there is no proxy.
    ProxySelector proxies =
        Objects.requireNonNullElse(ProxySelector.getDefault(), HttpClient.Builder.NO_PROXY);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            // Followed here, to refuse loops and steps from https to http.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.connect())
            .proxy(proxies);
    authenticator.ifPresent(builder::authenticator);
    this.client = builder.build();
  }

  /**
   * Names a place without what may be secret: no user, no query.
   *
   * @param uri the place
   * @return scheme, host, port and path
   */
  public static String describe(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return String.format(
        Locale.ROOT, "%s://%s%s%s", uri.getScheme(), uri.getHost(), port, uri.getPath());
  }

  static String describe(Throwable error) {
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  /** What is left of the deadline, at most the idle limit. */
  private Duration patience() {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    Duration wait = left.compareTo(limits.idle()) < 0 ? left : limits.idle();
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private void checkDeadline() throws HttpFailure {
    if (System.nanoTime() - end >= 0) {
      throw HttpFailure.lasting(
          "the deadline of " + limits.deadline().toSeconds() + " s has passed");
    }
  }

  /**
   * Sends a GET and follows redirects.
   *
   * @param uri the place
   * @param range the value of the header Range, null for all
   * @param ifRange the ETag that the range must be of, null for any
   * @return the answer, whose body must be closed; its status is 200, 206 or 416
   */
  Reply get(URI uri, @Nullable String range, @Nullable String ifRange) throws IOException {
    Set<URI> seen = new HashSet<>();
    URI place = uri;
    while (true) {
      if (!seen.add(place) || seen.size() > MAX_REDIRECTS) {
        throw HttpFailure.lasting("it redirects in a loop, at last to " + describe(place));
      }
      Reply reply = send(place, range, ifRange);
      int status = reply.status();
      if (status == 200 || status == 206 || status == 416) {
        return reply;
      }
      reply.body().close();
      if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
        throw refused(place, reply);
      }
      place = target(place, reply);
    }
  }

  private static HttpFailure refused(URI place, Reply reply) {
    int status = reply.status();
    if (status == 407) {
      return HttpFailure.lasting(proxyAsks("https".equalsIgnoreCase(place.getScheme())));
    }
    String message = "it answers HTTP " + status;
    boolean passing = status == 408 || status == 429 || status >= 500;
    return passing
        ? HttpFailure.passing(message, reply.retryAfter())
        : HttpFailure.lasting(message);
  }

  private static String proxyAsks(boolean secure) {
    return String.format(
        Locale.ROOT,
        "it answers HTTP 407: the proxy asks for credentials. Give them by java.net.Authenticator.setDefault, for authentication of the kind Basic%s",
        secure
            ? ", which Java sends to a proxy for https only if it is started with"
                + " -Djdk.http.auth.tunneling.disabledSchemes= (nothing behind the equals sign)"
            : "");
  }

  static URI target(URI from, Reply reply) throws HttpFailure {
    String location =
        reply
            .header("Location")
            .orElseThrow(() -> HttpFailure.lasting("it redirects without saying where"));
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw HttpFailure.lasting("it redirects to something that is no address");
    }
    boolean secure = "https".equalsIgnoreCase(to.getScheme());
    if (!secure && !"http".equalsIgnoreCase(to.getScheme()) || to.getHost() == null) {
      throw HttpFailure.lasting("it redirects to another kind of address, not http or https");
    }
    if (!secure && "https".equalsIgnoreCase(from.getScheme())) {
      throw HttpFailure.lasting("it redirects from https down to http, to " + describe(to));
    }
    return to;
  }

  private Reply send(URI uri, @Nullable String range, @Nullable String ifRange) throws IOException {
    checkDeadline();
    authenticator.ifPresent(ProxyAuthenticator::begin);
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer =
        begin(uri, range, ifRange);
    Duration wait = patience();
    try {
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
          answer.get(wait.toNanos(), TimeUnit.NANOSECONDS);
      return new Reply(
          response.statusCode(),
          response.headers(),
          // A proxy's refusal of a tunnel comes without one.
          new BodyStream(
              Objects.requireNonNullElse(response.body(), Flow.Subscriber::onComplete),
              this::patience));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw HttpFailure.passing("no answer came within " + wait.toMillis() + " ms");
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      throw unsent(e.getCause() == null ? e : e.getCause());
    }
  }

  private CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> begin(
      URI uri, @Nullable String range, @Nullable String ifRange) throws HttpFailure {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      if (range != null) {
        request.header("Range", range);
        if (ifRange != null) {
          request.header("If-Range", ifRange);
        }
      }
      // Not the request's own time-out: later versions of Java count the body in.
      return client.sendAsync(request.build(), BodyHandlers.ofPublisher());
    } catch (RuntimeException e) {
      // An address that the client refuses, or a proxy selector of the application that fails.
      throw unsent(e);
    }
  }

  private HttpFailure unsent(Throwable cause) {
    Optional<String> refusal = authenticator.flatMap(ProxyAuthenticator::refusal);
    if (refusal.isPresent()) {
      return HttpFailure.lasting(refusal.get());
    }
    if (cause instanceof HttpConnectTimeoutException) {
      return HttpFailure.lasting("no connection within " + limits.connect().toMillis() + " ms");
    }
    if (cause instanceof ConnectException) {
      String why = cause.getCause() == null ? describe(cause) : describe(cause.getCause());
      return HttpFailure.lasting("no connection: " + why);
    }
    String why = "the request failed: " + describe(cause);
    return cause instanceof IOException ? HttpFailure.passing(why) : HttpFailure.lasting(why);
  }

  /** Waits before another attempt, longer with each. */
  void pause(int failures, Optional<Duration> asked) throws IOException {
    Duration wait = asked.orElse(limits.backOff().multipliedBy(1L << (failures - 1)));
    long nanos = Math.min(wait.toNanos(), MAX_PAUSE.toNanos());
    nanos = Math.min(nanos, Math.max(0, end - System.nanoTime()));
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    checkDeadline();
  }

  /** An answer. */
  record Reply(int status, java.net.http.HttpHeaders headers, BodyStream body) {
    Optional<String> header(String name) {
      return headers.firstValue(name);
    }

    /** The length of the body, negative where it is not stated. */
    long length() {
      return header("Content-Length")
          .filter(s -> s.matches("\\d{1,18}"))
          .map(Long::parseLong)
          .orElse(-1L);
    }

    /** The ETag, unless it is a weak one, which says nothing about the bytes. */
    Optional<String> etag() {
      return header("ETag").filter(tag -> !tag.startsWith("W/"));
    }

    /** The pause that is asked for in seconds; the other form, a date, is not heeded. */
    Optional<Duration> retryAfter() {
      return header("Retry-After")
          .filter(s -> s.matches("\\d{1,9}"))
          .map(s -> Duration.ofSeconds(Long.parseLong(s)));
    }

    boolean isRange(long from, long to, long total) {
      String range = header("Content-Range").orElse("").toLowerCase(Locale.ROOT).trim();
      String expected = String.format(Locale.ROOT, "bytes %s-%s/", from, to - 1);
      return range.equals(expected + total) || range.equals(expected + "*");
    }
  }
}
