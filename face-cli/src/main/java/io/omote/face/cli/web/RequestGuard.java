// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import com.sun.net.httpserver.Headers;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who may ask. A page of another site may make its reader's browser send requests here, under a
 * name of its own that leads to this machine: so only requests to known names are answered, and
 * none that another site's page sent. From beyond this machine a token is needed besides. Immutable
 * and thread-safe.
 */
final class RequestGuard {
  private static final int TOKEN_BYTES = 24;
  private static final String BEARER = "Bearer ";

  private final Set<String> hosts;
  private final Optional<String> token;

  private RequestGuard(Set<String> hosts, Optional<String> token) {
    this.hosts = hosts;
    this.token = token;
  }

  /**
   * For an address that is listened to.
   *
   * @param address the address
   * @param names further names by which this machine is called
   * @throws SocketException if this machine's addresses cannot be had
   */
  static RequestGuard of(InetAddress address, List<String> names) throws SocketException {
    Set<String> hosts = new HashSet<>();
    Stream.of("localhost", "127.0.0.1", "[::1]").map(RequestGuard::nameOf).forEach(hosts::add);
    names.stream().map(RequestGuard::nameOf).forEach(hosts::add);
    if (address.isLoopbackAddress()) {
      hosts.add(literal(address));
      return new RequestGuard(Set.copyOf(hosts), Optional.empty());
    }
    if (address.isAnyLocalAddress()) {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .forEach(own -> hosts.add(literal(own)));
    } else {
      hosts.add(literal(address));
    }
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return new RequestGuard(
        Set.copyOf(hosts),
        Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(random)));
  }

  /** By which others can ask: of a machine that is listened to as a whole, one of its addresses. */
  static InetAddress reachable(InetAddress address) throws SocketException {
    if (!address.isAnyLocalAddress()) {
      return address;
    }
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(own -> own instanceof Inet4Address && !own.isLoopbackAddress())
        .findFirst()
        .orElseGet(InetAddress::getLoopbackAddress);
  }

  /** An address as it stands in URLs. */
  static String literal(InetAddress address) {
    String text = address.getHostAddress().replaceFirst("%.*", "");
    return address instanceof Inet6Address ? String.format(Locale.ROOT, "[%s]", text) : text;
  }

  /** What a request from beyond this machine needs. */
  Optional<String> token() {
    return token;
  }

  /** Refuses requests to other names, and those of other sites' pages. */
  void checkSite(Headers headers) throws HttpProblem {
    List<String> named = headers.getOrDefault("Host", List.of());
    // Of several, others on the way may take another one for the right one.
    if (named.size() != 1 || !hosts.contains(nameOf(named.get(0)))) {
      throw new HttpProblem(
          421,
          "host",
          "expected a request to this machine's address, found one to another host: ask for the address that was printed at the start, or give its other names by --host");
    }
    List<String> origins = headers.getOrDefault("Origin", List.of());
    if (!origins.stream().allMatch(origin -> isOf(named.get(0), origin))) {
      throw new HttpProblem(
          403, "origin", "expected a request of this page, found one of another site's");
    }
  }

  /** Without the port; one name for each number, which IPv6 writes in several ways. */
  private static String nameOf(String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    if (!name.startsWith("[")) {
      return name;
    }
    try {
      return literal(InetAddress.getByName(name)); // in brackets no name is looked up
    } catch (UnknownHostException e) {
      return name;
    }
  }

  private static boolean isOf(String host, String origin) {
    try {
      return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false; // no address at all
    }
  }

  /** Refuses requests without the token, where one is needed. */
  void checkToken(Headers headers) throws HttpProblem {
    if (token.isEmpty()) {
      return;
    }
    String given = headers.getFirst("Authorization");
    boolean right =
        given != null
            && given.startsWith(BEARER)
            && MessageDigest.isEqual(utf8(given.substring(BEARER.length())), utf8(token.get()));
    if (!right) {
      throw new HttpProblem(
          401,
          "token",
          "expected the header 'Authorization: Bearer TOKEN', found none or another token: use the one that was printed at the start");
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
