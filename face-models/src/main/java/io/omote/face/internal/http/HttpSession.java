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
import java.nio.channels.UnresolvedAddressException;
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
 * The requests of one fetch, which share one deadline. Java's proxy settings apply, and a proxy
 * gets the credentials of Java's default authenticator. Used by one thread.
 */
public final class HttpSession {
  private static final int MAX_REDIRECTS = 10;

  /** The longest pause, even if a server asks for a longer one. */
  private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

  private final HttpLimits limits;
  private final HttpClient client;
  private final Optional<ProxyAuthenticator> authenticator;
  private final long end;

  /**
   * Starts a session and the clock of its deadline. No socket is opened.
   *
   * @param limits the time limits
   */
  public HttpSession(HttpLimits limits) {
    this.limits = limits;
    this.end = System.nanoTime() + limits.deadline().toNanos();
    this.authenticator =
        Optional.ofNullable(Authenticator.getDefault()).map(ProxyAuthenticator::new);
    // Applications remove the default selector to disable proxies.
    ProxySelector proxies =
        Objects.requireNonNullElse(ProxySelector.getDefault(), HttpClient.Builder.NO_PROXY);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            // Followed here, to refuse loops and downgrades from https to http.
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limits.connect())
            .proxy(proxies);
    authenticator.ifPresent(builder::authenticator);
    this.client = builder.build();
  }

  /**
   * Describes an address without its potentially secret parts, user and query.
   *
   * @param uri the address
   * @return scheme, host, port and path
   */
  public static String describe(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return String.format(
        Locale.ROOT, "%s://%s%s%s", uri.getScheme(), uri.getHost(), port, uri.getPath());
  }

  static String describe(Throwable error) {
    if (error instanceof UnresolvedAddressException) {
      return "the server's name is unknown";
    }
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  /** Returns the time until the deadline, at most the idle limit. */
  private Duration patience() {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    Duration wait = left.compareTo(limits.idle()) < 0 ? left : limits.idle();
    return wait.isNegative() ? Duration.ZERO : wait;
  }

  private void checkDeadline() throws HttpFailure {
    if (System.nanoTime() - end >= 0) {
      throw HttpFailure.permanent(
          "the fetch took longer than its limit of " + limits.deadline().toSeconds() + " s");
    }
  }

  /**
   * Sends a GET and follows redirects.
   *
   * @param uri the address
   * @param range the value of the header Range, null for the whole resource
   * @param ifRange the ETag that the range must have, null for any
   * @return the response, with status 200, 206 or 416; the caller must close its body
   */
  Reply get(URI uri, @Nullable String range, @Nullable String ifRange) throws IOException {
    Set<URI> seen = new HashSet<>();
    URI place = uri;
    while (true) {
      if (!seen.add(place) || seen.size() > MAX_REDIRECTS) {
        throw HttpFailure.permanent("it redirects in a loop, last to " + describe(place));
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
      return HttpFailure.permanent(proxyAsks("https".equalsIgnoreCase(place.getScheme())));
    }
    String message = "it answered HTTP " + status;
    boolean temporary = status == 408 || status == 429 || status >= 500;
    return temporary
        ? HttpFailure.temporary(message, reply.retryAfter())
        : HttpFailure.permanent(message);
  }

  private static String proxyAsks(boolean secure) {
    return String.format(
        Locale.ROOT,
        "it answered HTTP 407: the proxy requires credentials. Set them with java.net.Authenticator.setDefault, for Basic authentication%s",
        secure
            ? ", which Java uses with a proxy for https only if you start it with"
                + " -Djdk.http.auth.tunneling.disabledSchemes= (an empty value)"
            : "");
  }

  static URI target(URI from, Reply reply) throws HttpFailure {
    String location =
        reply
            .header("Location")
            .orElseThrow(() -> HttpFailure.permanent("it redirects without a location"));
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw HttpFailure.permanent("it redirects to an invalid address");
    }
    boolean secure = "https".equalsIgnoreCase(to.getScheme());
    if (!secure && !"http".equalsIgnoreCase(to.getScheme()) || to.getHost() == null) {
      throw HttpFailure.permanent("it redirects to an address that is not http or https");
    }
    if (!secure && "https".equalsIgnoreCase(from.getScheme())) {
      throw HttpFailure.permanent("it redirects from https to http, to " + describe(to));
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
          // The body is null if a proxy refuses a tunnel.
          new BodyStream(
              Objects.requireNonNullElse(response.body(), Flow.Subscriber::onComplete),
              this::patience));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw HttpFailure.temporary("no response was received within " + wait.toMillis() + " ms");
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
      // The request's own timeout is not used: later versions of Java include the body in it.
      return client.sendAsync(request.build(), BodyHandlers.ofPublisher());
    } catch (RuntimeException e) {
      // The client rejects the address, or the application's proxy selector fails.
      throw unsent(e);
    }
  }

  private HttpFailure unsent(Throwable cause) {
    Optional<String> refusal = authenticator.flatMap(ProxyAuthenticator::refusal);
    if (refusal.isPresent()) {
      return HttpFailure.permanent(refusal.get());
    }
    if (cause instanceof HttpConnectTimeoutException) {
      return HttpFailure.permanent("no connection within " + limits.connect().toMillis() + " ms");
    }
    if (cause instanceof ConnectException) {
      String why = cause.getCause() == null ? describe(cause) : describe(cause.getCause());
      return HttpFailure.permanent("no connection: " + why);
    }
    String why = "the request failed: " + describe(cause);
    return cause instanceof IOException ? HttpFailure.temporary(why) : HttpFailure.permanent(why);
  }

  /** Waits before the next attempt, longer each time. */
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

  /** A response. */
  record Reply(int status, java.net.http.HttpHeaders headers, BodyStream body) {
    Optional<String> header(String name) {
      return headers.firstValue(name);
    }

    /** Returns the length of the body, negative if it is not stated. */
    long length() {
      return header("Content-Length")
          .filter(s -> s.matches("\\d{1,18}"))
          .map(Long::parseLong)
          .orElse(-1L);
    }

    /** Returns the ETag unless it is weak, because a weak one does not identify the bytes. */
    Optional<String> etag() {
      return header("ETag").filter(tag -> !tag.startsWith("W/"));
    }

    /** Returns the requested delay. The other form, a date, is ignored. */
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
