// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The web page in a separate process, with little memory and malicious clients. */
@EnabledOnOs(OS.LINUX) // reads the memory of a process from /proc
class ServeUnderAttackTest {
  private static final Path RENDITION = Path.of("../samples/astronaut_rendition.jpg");

  /** The number of rounds of bad requests before and while memory is compared. */
  private static final int ROUNDS = Integer.getInteger("omote.attacks", 4);

  /** More than the server keeps. */
  private static final int CLIENTS = 300;

  @TempDir private static Path folder;

  /** Java itself may print warnings at the start. */
  @TempDir private static Path log;

  private static CreatedFiles created;
  private static Process process;
  private static String url;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    Images.astronaut(log.resolve("people/collins/1.jpg"), 300);
    Path gallery = log.resolve("gallery");
    assertThat(Run.of(new Enroll(), gallery, log.resolve("people")).exitCode()).isZero();
    created = new CreatedFiles(folder);
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms256m",
                "-Xmx256m",
                "-XX:+AlwaysPreTouch", // so that only memory outside the heap can grow
                "-Djava.io.tmpdir=" + folder,
                "-Duser.home=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Omote.class.getName(),
                "serve",
                "--port",
                "0",
                "--json",
                "--gallery",
                gallery.toString(),
                "--threshold",
                "0.4")
            .redirectError(log.resolve("errors").toFile())
            .start();
    BufferedReader output = process.inputReader();
    url = JsonParser.parseString(output.readLine()).getAsJsonObject().get("url").getAsString();
    port = URI.create(url).getPort();
  }

  @AfterAll
  static void stop() throws Exception {
    created.close();
    process.destroy();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143); // by a signal, no crash
  }

  private HttpForm good() throws IOException {
    return new HttpForm().add("image", Files.readAllBytes(RENDITION));
  }

  private void assertAnswers() throws Exception {
    assertThat(good().post(url + "api/faces").statusCode()).isEqualTo(200);
  }

  private Socket open(String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    OutputStream out = socket.getOutputStream();
    out.write(request.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return socket;
  }

  private String post(int length) {
    return "POST /api/faces HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(HttpForm.TYPE, length);
  }

  /** Returns the resident set, in MiB. */
  private long memory() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/%d/status".formatted(process.pid())))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElseThrow();
    }
  }

  /** Includes files that existed only briefly. */
  private void assertNoFileButOfLibraries() throws Exception {
    assertThat(created.names())
        .isNotEmpty()
        .allMatch(FacesOnDiskTest.OF_LIBRARIES.asMatchPredicate());
  }

  @Test
  void goodRequests_createNoFile() throws Exception {
    byte[] rendition = Files.readAllBytes(RENDITION);
    byte[] png = Files.readAllBytes(Path.of("../samples/astronaut.png"));
    for (byte[] image : List.of(rendition, png)) {
      assertThat(new HttpForm().add("image", image).post(url + "api/faces").body())
          .contains("\"crop\"");
      assertThat(
              new HttpForm()
                  .add("first", image)
                  .add("second", rendition)
                  .post(url + "api/compare")
                  .body())
          .contains("\"samePerson\":true", "\"crop\"");
      assertThat(new HttpForm().add("image", image).post(url + "api/identify").body())
          .contains("\"identified\":\"collins\"");
    }
    for (String path : List.of("", "page.js", "openapi.json", "api/about")) {
      assertThat(HttpForm.get(url + path).statusCode()).as(path).isEqualTo(200);
    }
    assertNoFileButOfLibraries();
  }

  @Test
  void silentAndSlowClients_delayNobody() throws Exception {
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(open(i % 2 == 0 ? "" : "GET / HTTP/1.1\r\nHost: loc")); // nothing, or a beginning
    }
    assertAnswers();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(open(post(20_000_000) + "--between\r\n")); // 6 GB of bodies that do not come
    }
    assertAnswers();
    for (Socket client : clients) {
      client.close();
    }
  }

  private static void readToEnd(Socket socket) throws IOException {
    try (InputStream in = socket.getInputStream()) {
      in.readAllBytes();
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset"); // cut off, too
    }
  }

  @Test
  void manyBadRequests_leaveMemoryAndDiskAsTheyWere() throws Exception {
    Socket silent = open("");
    for (int i = 0; i < ROUNDS; i++) {
      attack();
      assertAnswers();
    }
    long before = memory();
    long logged = Files.size(log.resolve("errors"));
    for (int i = 0; i < ROUNDS; i++) {
      attack();
      assertAnswers();
    }
    assertThat(memory() - before).as("MiB more than %d", before).isLessThan(64);
    assertNoFileButOfLibraries();
    assertThat(process.getInputStream().available()).as("bytes printed").isZero();
    assertThat(log.resolve("errors")).hasSize(logged);
    silent.setSoTimeout(300_000); // to be cut off by then at the latest, not to hang
    readToEnd(silent);
    silent.close();
  }

  private void attack() throws Exception {
    byte[] noise = new byte[2_000_000];
    new Random(1).nextBytes(noise);
    assertThat(new HttpForm().add("image", noise).post(url + "api/faces").statusCode())
        .isEqualTo(415);
    assertThat(new HttpForm().add("other", noise).post(url + "api/faces").statusCode())
        .isEqualTo(400);
    assertThat(
            new HttpForm().add("image", new byte[26_000_000]).post(url + "api/faces").statusCode())
        .isEqualTo(413);
    byte[] image = Files.readAllBytes(RENDITION);
    byte[] half = Arrays.copyOf(image, image.length / 2);
    assertThat(new HttpForm().add("image", half).post(url + "api/faces").statusCode())
        .isEqualTo(422);
    assertThat(HttpForm.get(url + "../../etc/passwd").statusCode()).isEqualTo(404);
    try (Socket left = open(post(1_000_000) + "--between\r\n")) {
      left.setSoLinger(true, 0); // and goes
    }
  }
}
