// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import java.net.Authenticator;
import java.net.InetAddress;
import java.net.PasswordAuthentication;
import java.net.URL;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes on the credentials that another authenticator has for a proxy. It asks only once per
 * request, because repeating wrong credentials can lock an account, and never for a server, because
 * many authenticators return their proxy's credentials to every request.
 *
 * <p>Thread-safe, because the client calls it from its own threads.
 */
final class ProxyAuthenticator extends Authenticator {
  private final Authenticator source;
  private boolean asked;
  private @Nullable String refusal;

  ProxyAuthenticator(Authenticator source) {
    this.source = source;
  }

  /** Starts a new request. */
  synchronized void begin() {
    asked = false;
    refusal = null;
  }

  /** Returns the reason why the request got no credentials, empty unless they were refused. */
  synchronized Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  private synchronized boolean isFirst() {
    boolean first = !asked;
    asked = true;
    return first;
  }

  private synchronized void refuse(String why) {
    refusal = why;
  }

  @Override
  public @Nullable PasswordAuthentication requestPasswordAuthenticationInstance(
      @Nullable String host,
      @Nullable InetAddress address,
      int port,
      @Nullable String protocol,
      @Nullable String prompt,
      @Nullable String scheme,
      @Nullable URL url,
      @Nullable RequestorType type) {
    if (type != RequestorType.PROXY) {
      refuse("it answered HTTP 401");
      return null;
    }
    String where = String.format(Locale.ROOT, "it answered HTTP 407: the proxy %s:%s", host, port);
    if (!isFirst()) {
      refuse(where + " rejects the credentials of the default java.net.Authenticator");
      return null;
    }
    PasswordAuthentication found =
        source.requestPasswordAuthenticationInstance(
            host, address, port, protocol, prompt, scheme, url, type);
    if (found == null) {
      refuse(
          String.format(
              Locale.ROOT,
              "%s requires credentials, and the default java.net.Authenticator has none for it",
              where));
    }
    return found;
  }
}
