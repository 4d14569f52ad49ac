// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.internal.http.HttpSession.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.Test;

class HttpSessionTest {
  private static Reply redirectTo(String location) {
    Flow.Publisher<List<java.nio.ByteBuffer>> empty = new SubmissionPublisher<>();
    return new Reply(
        302,
        HttpHeaders.of(Map.of("Location", List.of(location)), (name, value) -> true),
        new BodyStream(empty, () -> HttpLimits.defaults().idle()));
  }

  @Test
  void target_fromHttpsToHttp_isRefused() {
    assertThatThrownBy(
            () ->
                HttpSession.target(
                    URI.create("https://example.org/a"),
                    redirectTo("http://user@example.org/b?key=secret")))
        .hasMessage("it redirects from https to http, to http://example.org/b");
  }

  @Test
  void target_fromHttpsToHttps_isFollowed() throws Exception {
    URI target =
        HttpSession.target(
            URI.create("https://example.org/a/b"), redirectTo("https://example.org/c?key=1"));

    assertThat(target).isEqualTo(URI.create("https://example.org/c?key=1"));
  }

  @Test
  void target_relative_staysWithTheHost() throws Exception {
    URI target = HttpSession.target(URI.create("https://example.org/a/b"), redirectTo("c"));

    assertThat(target).isEqualTo(URI.create("https://example.org/a/c"));
  }

  @Test
  void target_noAddress_isRefused() {
    assertThatThrownBy(
            () -> HttpSession.target(URI.create("https://example.org/a"), redirectTo("http://[")))
        .hasMessage("it redirects to an invalid address");
  }

  private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
    try {
      while (waiting.size() < 100) {
        Socket socket = new Socket();
        waiting.add(socket);
        socket.connect(server.getLocalSocketAddress(), 200);
      }
    } catch (SocketTimeoutException e) {
      assertThat(waiting).as("some were taken up").hasSizeGreaterThan(1);
    }
  }

  @Test
  void get_serverDoesNotAccept_endsAtTheConnectLimit() throws Exception {
    InetAddress local = InetAddress.getLoopbackAddress();
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, local)) {
      // Nothing accepts connections: once the queue is full, a new connection gets no answer.
      fill(full, waiting);
      Duration limit = Duration.ofMillis(300);
      Duration patience = Duration.ofSeconds(10);
      HttpSession session = new HttpSession(new HttpLimits(limit, patience, patience, limit));
      URI uri = URI.create("http://" + local.getHostAddress() + ":" + full.getLocalPort() + "/");

      assertThatThrownBy(() -> session.get(uri, null, null))
          .isInstanceOf(HttpFailure.class)
          .hasMessageStartingWith("no connection within 300 ms");
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }
}
