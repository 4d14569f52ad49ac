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
 * Gives proxies the credentials that another authenticator has for them. It asks once a request, so
 * that wrong ones lock no account, and not for servers: many an authenticator gives the credentials
 * of its proxy to whoever asks.
 *
 * <p>Thread-safe: the client asks in threads of its own.
 */
final class ProxyAuthenticator extends Authenticator {
  private final Authenticator source;
  private boolean asked;
  private @Nullable String refusal;

  ProxyAuthenticator(Authenticator source) {
    this.source = source;
  }

  /** A new request begins. */
  synchronized void begin() {
    asked = false;
    refusal = null;
  }

  /** Why the request got no credentials, empty where it asked for none or was given some. */
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
      refuse("it answers HTTP 401");
      return null;
    }
    String where = String.format(Locale.ROOT, "it answers HTTP 407: the proxy %s:%s", host, port);
    if (!isFirst()) {
      refuse(where + " refuses the credentials that java.net.Authenticator.setDefault was given");
      return null;
    }
    PasswordAuthentication found =
        source.requestPasswordAuthenticationInstance(
            host, address, port, protocol, prompt, scheme, url, type);
    if (found == null) {
      refuse(
          String.format(
              Locale.ROOT,
              "%s asks for credentials, and what java.net.Authenticator.setDefault was given has none for it",
              where));
    }
    return found;
  }
}
