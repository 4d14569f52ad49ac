// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.models.http.HttpSession.Reply;
import java.net.URI;
import java.net.http.HttpHeaders;
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
        new BodyStream(empty, () -> HttpLimits.DEFAULT.idle()));
  }

  @Test
  void target_fromHttpsToHttp_isRefused() {
    assertThatThrownBy(
            () ->
                HttpSession.target(
                    URI.create("https://example.org/a"),
                    redirectTo("http://user@example.org/b?key=secret")))
        .hasMessage("it redirects from https down to http, to http://example.org/b");
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
        .hasMessage("it redirects to something that is no address");
  }
}
