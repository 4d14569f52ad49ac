// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.cli.web.HttpListener.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections as clients of all kinds make them. */
class HttpListenerTest {
  /** Long enough that only a hanging test reaches it. */
  private static final Duration LONG = Duration.ofMinutes(5);

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final int PATIENCE = 120_000;

  private final List<Socket> clients = new ArrayList<>();
  private LongSupplier clock = System::nanoTime;
  private HttpListener listener;

  @AfterEach
  void stop() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    listener.close();
  }

  private void start(Limits limits, HttpListener.Handler handler) throws IOException {
    listener =
        HttpListener.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), limits, clock, handler);
    listener.start();
  }

  /** Answers with the length of the body. */
  private static Response echo(Request request) throws IOException {
    return text(String.valueOf(request.body().readAllBytes().length));
  }

  private static Response text(String content) {
    return new Response(200, Map.of(), content.getBytes(StandardCharsets.UTF_8));
  }

  private Socket open(String words) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.port());
    clients.add(client);
    client.setSoTimeout(PATIENCE);
    send(client, words);
    return client;
  }

  private static void send(Socket client, String words) throws IOException {
    client.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads until the server closes the connection. */
  private static String rest(Socket client) throws IOException {
    try {
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketException e) {
      return ""; // reset
    }
  }

  private String ask(String words) throws IOException {
    return rest(open(words));
  }

  private static String post(int length) {
    return "POST / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n";
  }

  @Test
  void silentConnections_areCut() throws IOException {
    start(new Limits(256, SHORT, LONG, 1, LONG, LONG), HttpListenerTest::echo);
    assertThat(ask("")).isEmpty();
  }

  @Test
  void requestsThatStop_areRefused() throws IOException {
    start(new Limits(256, SHORT, SHORT, 10, LONG, LONG), HttpListenerTest::echo);
    assertThat(ask("GET / HT")).startsWith("HTTP/1.1 408").contains("\"reason\":\"slow\"");
    assertThat(ask("GET / HTTP/1.1\r\nHost: localhost\r\n")).startsWith("HTTP/1.1 408");
    assertThat(ask(post(100))).startsWith("HTTP/1.1 408");
    assertThat(ask(post(100) + "x".repeat(99))).startsWith("HTTP/1.1 408");
  }

  @Test
  void bodiesThatTrickle_areRefused_atTheEndOfTheirTime() throws Exception {
    start(new Limits(256, LONG, LONG, 1, SHORT, LONG), HttpListenerTest::echo);
    Socket client = open(post(1_000_000) + "x");
    assertThat(rest(client)).startsWith("HTTP/1.1 408");
  }

  /** The answer is larger than what the system keeps for the client. */
  @Test
  void clientsThatDoNotReadTheirAnswer_areCut() throws Exception {
    clock = () -> 0; // nothing is old enough to be displaced
    CountDownLatch handled = new CountDownLatch(1);
    start(
        new Limits(1, LONG, LONG, 1, LONG, SHORT),
        request -> {
          handled.countDown();
          return new Response(200, Map.of(), new byte[request.path().equals("/") ? 30_000_000 : 1]);
        });
    open("GET / HTTP/1.1\r\n\r\n");
    handled.await();
    assertThat(ask("GET /small HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200");
  }

  /** As images take all memory for a moment. */
  @Test
  void lackOfMemory_endsOneConnection_notTheServer() throws IOException {
    AtomicBoolean full = new AtomicBoolean(true);
    clock =
        () -> {
          if (full.getAndSet(false)) {
            throw new OutOfMemoryError("tried");
          }
          return System.nanoTime();
        };
    start(Limits.DEFAULTS, HttpListenerTest::echo);
    assertThat(ask("GET / HTTP/1.1\r\n\r\n")).isEmpty();
    assertThat(ask("GET / HTTP/1.1\r\n\r\n")).endsWith("\r\n\r\n0");
  }

  /** Each part arrives in time, the whole body takes longer than a part may. */
  @Test
  void slowBodies_areRead_asLongAsTheyAdvance() throws Exception {
    AtomicLong time = new AtomicLong();
    clock = time::get;
    Semaphore arrived = new Semaphore(0);
    start(
        new Limits(256, LONG, Duration.ofSeconds(10), 1, LONG, LONG),
        request -> {
          while (request.body().read() >= 0) {
            arrived.release();
          }
          return text("read");
        });
    Socket client = open(post(5));
    for (int i = 0; i < 5; i++) {
      time.addAndGet(Duration.ofSeconds(8).toNanos());
      send(client, "x");
      arrived.acquire();
    }
    assertThat(rest(client)).startsWith("HTTP/1.1 200").endsWith("read");
  }

  @Test
  void silentConnections_areDisplacedBeforeBodiesThatArrive() throws Exception {
    AtomicLong time = new AtomicLong();
    clock = time::get;
    CountDownLatch arriving = new CountDownLatch(1);
    start(
        new Limits(8, LONG, LONG, 1, LONG, LONG),
        request -> {
          request.body().read();
          arriving.countDown();
          return echo(request);
        });
    Socket body = open(post(3) + "x");
    arriving.await();
    for (int i = 0; i < 7; i++) {
      open("");
    }
    time.addAndGet(Duration.ofSeconds(2).toNanos());
    for (int i = 0; i < 5; i++) {
      open("");
    }
    send(body, "yz");
    assertThat(rest(body)).endsWith("\r\n\r\n2");
  }

  /** The server reads and discards what still comes, but not for ever. */
  @Test
  void clientsThatKeepTheConnection_areCut() throws IOException {
    start(new Limits(256, LONG, LONG, 1, LONG, SHORT), HttpListenerTest::echo);
    Socket client = open("GET / HTTP/1.1\r\n\r\n");
    assertThatThrownBy(
            () -> {
              while (true) {
                send(client, "more");
              }
            })
        .isInstanceOf(SocketException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc"})
  void tooManyConnections_displaceTheOldest_notTheNewest(String words) throws IOException {
    start(new Limits(8, LONG, LONG, 1, LONG, LONG), HttpListenerTest::echo);
    for (int i = 0; i < 50; i++) {
      open(words);
    }
    assertThat(ask("GET / HTTP/1.1\r\n\r\n")).endsWith("\r\n\r\n0");
    assertThat(rest(clients.get(0))).isEmpty();
  }

  @Test
  void requestsThatAreHandled_areNotDisplaced() throws Exception {
    CountDownLatch handled = new CountDownLatch(3);
    CountDownLatch go = new CountDownLatch(1);
    start(
        new Limits(4, LONG, LONG, 1, LONG, LONG),
        request -> {
          handled.countDown();
          go.await();
          return text("done");
        });
    List<Socket> working = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      working.add(open("GET / HTTP/1.1\r\n\r\n"));
    }
    handled.await();
    for (int i = 0; i < 20; i++) {
      open("");
    }
    go.countDown();
    for (Socket client : working) {
      assertThat(rest(client)).endsWith("done");
    }
  }

  /** As bodies that wait for memory, which a closed connection does not end. */
  @Test
  void threadsThatOutliveTheirConnections_areNotManyMore() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger working = new AtomicInteger();
    start(
        new Limits(2, LONG, LONG, 1, LONG, LONG),
        request -> {
          if (request.method().equals("POST")) {
            working.incrementAndGet();
            go.await();
          }
          return text("done");
        });
    for (int i = 0; i < 12; i++) {
      open(post(1));
    }
    assertThat(rest(clients.get(8))).as("displaced or refused").isEmpty();
    assertThat(working.get()).isLessThanOrEqualTo(8);
    go.countDown();
    String answer = "";
    for (int i = 0; i < 10_000 && answer.isEmpty(); i++) { // until the threads have ended
      answer = ask("GET / HTTP/1.1\r\n\r\n");
    }
    assertThat(answer).endsWith("done");
  }

  /** New clients wait instead of being refused. */
  @Test
  void allConnectionsHandled_othersWait() throws Exception {
    CountDownLatch handled = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    start(
        new Limits(2, LONG, LONG, 1, LONG, LONG),
        request -> {
          handled.countDown();
          go.await();
          return text("done");
        });
    List<Socket> all = new ArrayList<>();
    all.add(open("GET / HTTP/1.1\r\n\r\n"));
    all.add(open("GET / HTTP/1.1\r\n\r\n"));
    handled.await();
    all.add(open("GET / HTTP/1.1\r\n\r\n"));
    go.countDown();
    for (Socket client : all) {
      assertThat(rest(client)).endsWith("done");
    }
  }

  @Test
  void clientThatWaitsForASign_getsIt() throws IOException {
    start(Limits.DEFAULTS, HttpListenerTest::echo);
    Socket client = open("POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
    assertThat(new String(client.getInputStream().readNBytes(25), StandardCharsets.US_ASCII))
        .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    send(client, "abc");
    assertThat(rest(client)).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n3");
  }

  @Test
  void bodyThatIsNotRead_leavesTheAnswerReadable() throws IOException {
    start(Limits.DEFAULTS, request -> text("no"));
    assertThat(ask(post(3_000_000) + "x".repeat(3_000_000))).endsWith("no");
  }

  @Test
  void head_hasNoBody() throws IOException {
    start(Limits.DEFAULTS, request -> text("body"));
    assertThat(ask("HEAD / HTTP/1.1\r\n\r\n")).contains("Content-Length: 4").endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/2.0\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET http:///path HTTP/1.1\r\n\r\n",
        "GET https://localhost/ HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\nHost: localhost\n\n",
        "\n\n",
        "CONNECT evil.example:443 HTTP/1.1\r\n\r\n",
        "GET /\u00e4 HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\nOrigin: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: \u0000\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "GET / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\nx",
        "GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\nx",
        "GET / HTTP/1.1\r\nContent-Length: 0x1\r\n\r\nx",
        "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nx",
        "\u0016\u0003\u0001\u0000\u0000\r\n\r\n"
      })
  void damagedRequests_areRefused(String words) throws IOException {
    start(Limits.DEFAULTS, HttpListenerTest::echo);
    assertThat(ask(words)).startsWith("HTTP/1.1 400").contains("application/problem+json");
  }

  @Test
  void longHeaders_areRefused() throws IOException {
    start(Limits.DEFAULTS, HttpListenerTest::echo);
    assertThat(ask("GET / HTTP/1.1\r\nX: " + "x".repeat(100_000))).startsWith("HTTP/1.1 431");
    assertThat(ask("GET /" + "x".repeat(100_000))).startsWith("HTTP/1.1 431");
  }

  @Test
  void headers_areFoundRegardlessOfCase_andPathsWithoutTheirQuery() throws IOException {
    start(
        Limits.DEFAULTS,
        request -> text(request.path() + " " + request.all("host") + request.all("X")));
    assertThat(ask("GET /a%2f?b?c HTTP/1.1\r\nhOST:a \r\nx: \r\n\r\n")).endsWith("/a%2f [a][]");
  }

  /** By RFC 9112, its host counts, not that of the header. */
  @Test
  void wholeUrls_nameTheHost() throws IOException {
    start(Limits.DEFAULTS, request -> text(request.path() + " " + request.all("Host")));
    assertThat(ask("GET HTTP://evil.example:80/a?b HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .endsWith("/a [evil.example:80]");
  }
}
