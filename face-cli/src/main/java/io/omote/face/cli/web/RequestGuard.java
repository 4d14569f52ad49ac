// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A guard that decides which requests are answered. A page of another site may make a browser send
 * requests to this machine, even under a host name of that site (DNS rebinding). Therefore only
 * requests to known host names are answered, and none from pages of other sites. Requests from
 * other machines also need a token. Immutable and thread-safe.
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
   * Returns a guard for an address to listen on.
   *
   * @param address the address
   * @param names additional host names of this machine
   * @throws SocketException if the addresses of this machine cannot be determined
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

  /** Returns an address that others can reach; for the wildcard, one address of this machine. */
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

  /** Returns whether a server of this machine can listen on an address. */
  static boolean isOfThisMachine(InetAddress address) throws SocketException {
    return address.isAnyLocalAddress()
        || address instanceof Inet4Address && address.isLoopbackAddress()
        || NetworkInterface.getByInetAddress(address) != null;
  }

  /** Returns an address as it is written in URLs. */
  static String literal(InetAddress address) {
    String text = address.getHostAddress().replaceFirst("%.*", "");
    return address instanceof Inet6Address ? String.format(Locale.ROOT, "[%s]", text) : text;
  }

  /** Returns the token that requests from other machines need. */
  Optional<String> token() {
    return token;
  }

  /** Refuses requests to unknown host names, and those of pages of other sites. */
  void checkSite(Request request) throws HttpProblem {
    List<String> named = request.all("Host");
    // A proxy on the way may have chosen another one of several.
    if (named.size() != 1 || !hosts.contains(nameOf(named.get(0)))) {
      throw new HttpProblem(
          421,
          "host",
          "unknown host name: use the address that was printed at the start, or add other names with --host");
    }
    List<String> origins = request.all("Origin");
    if (!origins.stream().allMatch(origin -> isOf(named.get(0), origin))) {
      throw new HttpProblem(403, "origin", "requests from pages of other sites are refused");
    }
  }

  /** Removes the port, and normalizes IPv6 addresses, which can be written in several ways. */
  private static String nameOf(String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceFirst(":\\d*$", "");
    if (!name.startsWith("[")) {
      return name;
    }
    try {
      return literal(InetAddress.getByName(name)); // brackets prevent a DNS lookup
    } catch (UnknownHostException e) {
      return name;
    }
  }

  private static boolean isOf(String host, String origin) {
    try {
      return host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false; // not a URI
    }
  }

  /** Refuses requests without the token, if one is required. */
  void checkToken(Request request) throws HttpProblem {
    if (token.isEmpty()) {
      return;
    }
    byte[] right = utf8(BEARER + token.get());
    if (request.all("Authorization").stream()
        .noneMatch(given -> MessageDigest.isEqual(utf8(given), right))) {
      throw new HttpProblem(
          401,
          "token",
          "the token is missing or wrong: send the header 'Authorization: Bearer TOKEN' with the token that was printed at the start",
          Map.of("WWW-Authenticate", "Bearer"));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
