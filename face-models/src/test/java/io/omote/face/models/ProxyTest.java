// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static io.omote.face.models.TestPack.DETECTOR;
import static io.omote.face.models.TestPack.EXTRA;
import static io.omote.face.models.TestPack.NAME;
import static io.omote.face.models.TestPack.RECOGNIZER;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Java's own settings for proxies and their credentials. */
@Timeout(600)
class ProxyTest {
  private static final String CREDENTIALS = "me:secret";

  /** Returns the same credentials for every request, as many applications do. */
  private static final class Generous extends Authenticator {
    private final @Nullable PasswordAuthentication credentials;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    Generous(@Nullable String password) {
      credentials =
          password == null ? null : new PasswordAuthentication("me", password.toCharArray());
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
      asked.add(getRequestorType() + " " + getRequestingHost() + ":" + getRequestingPort());
      return credentials;
    }
  }

  private final ProxySelector before = ProxySelector.getDefault();

  @TempDir Path temp;
  private LocalServer server;
  private TestPack pack;

  @BeforeEach
  void start() {
    server = new LocalServer();
    pack = TestPack.ofNoise();
    for (String file : List.of(DETECTOR, RECOGNIZER, EXTRA)) {
      server.serve("/" + file, pack.content(file));
    }
  }

  @AfterEach
  void stop() {
    ProxySelector.setDefault(before);
    Authenticator.setDefault(null);
    server.close();
  }

  private ModelPack packAt(URI uri) {
    return ModelStore.builder()
        .directory(temp.resolve("store"))
        .insightFaceDirectory(temp.resolve("insightface"))
        .connectTimeout(Duration.ofSeconds(30))
        .fetchTimeout(Duration.ofSeconds(120))
        .backOff(Duration.ofMillis(10))
        .manifest(pack.singleFiles(uri).write(temp))
        .build()
        .get(NAME);
  }

  /** An address that only the proxy can reach. */
  private ModelPack behindProxy() {
    ProxySelector.setDefault(
        ProxySelector.of(new InetSocketAddress("localhost", server.uri("/").getPort())));
    return packAt(URI.create("http://models.invalid/"));
  }

  private String proxy() {
    return "localhost:" + server.uri("/").getPort();
  }

  private void assertFetched() {
    for (String file : List.of(DETECTOR, RECOGNIZER)) {
      assertThat(temp.resolve("store").resolve(NAME).resolve(file))
          .hasBinaryContent(pack.content(file));
    }
  }

  @Test
  void fetch_noProxySelector_meansNoProxy() {
    ProxySelector.setDefault(null);

    packAt(server.uri("/")).fetch();

    assertFetched();
  }

  @Test
  void fetch_proxySelectorFails_isATypedFailure() {
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            throw new IllegalStateException("thrown on purpose by a selector of a test");
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });

    assertThatThrownBy(packAt(server.uri("/"))::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("the request failed: thrown on purpose by a selector of a test");
  }

  @Test
  void fetch_impossiblePort_isATypedFailure() {
    assertThatThrownBy(packAt(URI.create("http://me:secret@localhost:99999/"))::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("http://localhost:99999/")
        .hasMessageContaining("port out of range")
        .hasMessageNotContaining("secret");
  }

  @Test
  void fetch_proxyAsksForCredentials_getsThoseOfTheDefaultAuthenticator() {
    server.askForCredentials(CREDENTIALS);
    Generous authenticator = new Generous("secret");
    Authenticator.setDefault(authenticator);

    behindProxy().fetch();

    assertFetched();
    assertThat(authenticator.asked).containsExactly("PROXY " + proxy());
  }

  @Test
  void fetch_proxyWithoutCredentials_saysWhatToDo() {
    server.askForCredentials(CREDENTIALS);

    assertThatThrownBy(behindProxy()::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("it answered HTTP 407: the proxy requires credentials")
        .hasMessageContaining("java.net.Authenticator.setDefault")
        .hasMessageNotContaining("disabledSchemes");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void fetch_wrongCredentials_areTriedOnce() {
    server.askForCredentials(CREDENTIALS);
    Generous authenticator = new Generous("wrong");
    Authenticator.setDefault(authenticator);

    assertThatThrownBy(behindProxy()::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("it answered HTTP 407: the proxy " + proxy() + " rejects")
        .hasMessageNotContaining("wrong");
    assertThat(authenticator.asked).hasSize(1);
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void fetch_authenticatorWithoutCredentials_saysSo() {
    server.askForCredentials(CREDENTIALS);
    Authenticator.setDefault(new Generous(null));

    assertThatThrownBy(behindProxy()::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining(
            "it answered HTTP 407: the proxy " + proxy() + " requires credentials")
        .hasMessageContaining("has none for it");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void fetch_authenticatorDoesNotAnswer_endsWithinTheLimits() {
    server.askForCredentials(CREDENTIALS);
    CountDownLatch end = new CountDownLatch(1);
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            try {
              end.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return null;
          }
        });
    behindProxy();
    ModelPack tiny =
        ModelStore.builder()
            .directory(temp.resolve("store"))
            .insightFaceDirectory(temp.resolve("insightface"))
            .connectTimeout(Duration.ofSeconds(30))
            .idleTimeout(Duration.ofMillis(200))
            .fetchTimeout(Duration.ofSeconds(120))
            .backOff(Duration.ofMillis(10))
            .manifest(pack.write(temp))
            .build()
            .get(NAME);
    try {
      assertThatThrownBy(tiny::fetch)
          .isInstanceOf(ModelDownloadException.class)
          .hasMessageContaining("no response was received within 200 ms, after 4 attempts");
    } finally {
      end.countDown();
    }
  }

  @Test
  void fetch_serverAsksForCredentials_getsNone() {
    Generous authenticator = new Generous("secret");
    Authenticator.setDefault(authenticator);
    server.answer(
        "/" + DETECTOR,
        (exchange, content) -> {
          exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"server\"");
          exchange.sendResponseHeaders(401, -1);
        });

    assertThatThrownBy(packAt(server.uri("/"))::fetch)
        .isInstanceOf(ModelDownloadException.class)
        .hasMessageContaining("it answered HTTP 401");
    assertThat(authenticator.asked).isEmpty();
    assertThat(server.requests()).hasSize(1);
  }

  /** A proxy for https that requires credentials, and opens no tunnel even if it gets them. */
  private static List<String> tunnels(ServerSocket socket) {
    List<String> credentials = new CopyOnWriteArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  try (Socket client = socket.accept()) {
                    answer(client, credentials);
                  }
                }
              } catch (IOException e) {
                // The test is over.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return credentials;
  }

  private static void answer(Socket client, List<String> credentials) throws IOException {
    String given = credentialsOf(client);
    String answer =
        "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"";
    if (given != null) {
      credentials.add(given);
      answer = "403 Forbidden";
    }
    String lines = "HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    client.getOutputStream().write(lines.getBytes(US_ASCII));
  }

  private static @Nullable String credentialsOf(Socket client) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
    String found = null;
    for (String line = reader.readLine();
        line != null && !line.isEmpty();
        line = reader.readLine()) {
      if (line.startsWith("Proxy-Authorization: ")) {
        found = line.substring("Proxy-Authorization: ".length());
      }
    }
    return found;
  }

  @Test
  void fetch_proxyOfHttpsAsksForCredentials_saysWhatToDo() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      tunnels(socket);
      Authenticator.setDefault(new Generous("secret"));
      ProxySelector.setDefault(
          ProxySelector.of(new InetSocketAddress("localhost", socket.getLocalPort())));

      assertThatThrownBy(packAt(URI.create("https://models.invalid/"))::fetch)
          .isInstanceOf(ModelDownloadException.class)
          .hasMessageContaining("it answered HTTP 407: the proxy requires credentials")
          .hasMessageContaining("-Djdk.http.auth.tunneling.disabledSchemes= ");
    }
  }

  @Test
  void fetch_proxyOfHttpsWithBasicAllowed_getsTheCredentials() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      List<String> credentials = tunnels(socket);
      Path manifest = pack.singleFiles(URI.create("https://models.invalid/")).write(temp);
      List<String> options =
          List.of(
              "-Djdk.http.auth.tunneling.disabledSchemes=",
              "-Dhttps.proxyHost=localhost",
              "-Dhttps.proxyPort=" + socket.getLocalPort());
      try (ForkedJvm jvm =
          ForkedJvm.start(
              temp, options, ProxyProcess.class, manifest, temp.resolve("store"), 20_000)) {
        assertThat(jvm.outputAfterSuccess())
            .contains("https://models.invalid/det_tiny.onnx: the request failed", "403");
      }
      assertThat(credentials).isNotEmpty().containsOnly("Basic bWU6c2VjcmV0");
    }
  }
}
