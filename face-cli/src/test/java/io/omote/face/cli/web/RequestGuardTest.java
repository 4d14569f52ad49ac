// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Host names of a machine with an IPv6 address, which browsers shorten. */
class RequestGuardTest {
  private RequestGuard gate;

  @BeforeEach
  void open() throws Exception {
    gate =
        RequestGuard.of(
            InetAddress.getByName("2001:db8:0:0:0:0:0:5"), List.of("Faces.example:8080"));
  }

  private void ask(String host) throws HttpProblem {
    gate.checkSite(
        new Request("GET", "/", "", Map.of("Host", List.of(host)), InputStream.nullInputStream()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[2001:db8::5]:8080",
        "[2001:DB8:0::5]",
        "[2001:db8:0:0:0:0:0:5]",
        "[::1]",
        "localhost:1",
        "faces.example",
        "faces.example:8080"
      })
  void ownNames_areTaken(String host) {
    assertThatCode(() -> ask(host)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[2001:db8::6]", "2001:db8::5", "[2001:db8::5", "[]", "[evil.example]", "[", ""})
  void otherNames_areRefused(String host) {
    assertThatThrownBy(() -> ask(host)).isInstanceOf(HttpProblem.class);
  }
}
