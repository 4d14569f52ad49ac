// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.omote.face.FaceImage;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API of the web page: answers in their documented form, and refused requests. */
class ServeTest {
  private static final Path SAMPLES = Path.of("../samples");
  private static final Path ASTRONAUT = SAMPLES.resolve("astronaut.png");
  private static final Path RENDITION = SAMPLES.resolve("astronaut_rendition.jpg");
  private static final Path ADMIRAL = SAMPLES.resolve("grace_hopper.jpg");

  @TempDir private static Path folder;
  private static RunningServe server;
  private static String document;

  @BeforeAll
  static void start() throws Exception {
    Path people = folder.resolve("people");
    Images.astronaut(people.resolve("collins/one.jpg"), 300);
    Images.admiral(people.resolve("hopper/one.jpg"), 300);
    Run enroll = Run.of(new Enroll(), folder.resolve("gallery"), people);
    assertThat(enroll.exitCode()).as(enroll.err()).isZero();
    server = new RunningServe("--gallery", folder.resolve("gallery"), "--threshold", "0.5");
    document = HttpForm.get(server.url() + "openapi.json").body();
  }

  @AfterAll
  static void stop() {
    server.close();
    assertThat(server.exitCode()).isZero();
  }

  private static byte[] bytes(Path image) throws IOException {
    return Files.readAllBytes(image);
  }

  private static JsonObject json(HttpResponse<String> answer) {
    return JsonParser.parseString(answer.body()).getAsJsonObject();
  }

  /** Reads an answer, which must match its schema. */
  private static JsonObject answer(HttpResponse<String> answer, String schema) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertDocumented(answer.body(), schema);
    return json(answer);
  }

  /** Returns a schema of OpenAPI 3.1, which is JSON Schema. */
  private static void assertDocumented(String body, String schema) {
    JsonObject root = new JsonObject();
    root.add("components", JsonParser.parseString(document).getAsJsonObject().get("components"));
    root.addProperty("$ref", "#/components/schemas/" + schema);
    Schema validator =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(root.toString(), InputFormat.JSON);
    assertThat(validator.validate(body, InputFormat.JSON)).isEmpty();
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String text) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertDocumented(answer.body(), "Problem");
    assertThat(json(answer).get("detail").getAsString()).contains(text);
  }

  private static HttpResponse<String> post(String path, HttpForm form) throws Exception {
    return form.post(server.url() + path);
  }

  @ParameterizedTest
  @CsvSource({"astronaut_rendition.jpg, true", "grace_hopper.jpg, false"})
  void compare_isWhatTheCommandSays(String probe, boolean same) throws Exception {
    Path other = SAMPLES.resolve(probe);
    JsonObject answer =
        answer(
            post(
                "api/compare",
                new HttpForm().add("first", bytes(ASTRONAUT)).add("second", bytes(other))),
            "Comparison");

    JsonObject command =
        JsonParser.parseString(Run.of(new Compare(), "--json", ASTRONAUT, other).out())
            .getAsJsonObject();
    for (String key : List.of("similarity", "threshold", "samePerson")) {
      assertThat(answer.get(key)).as(key).isEqualTo(command.get(key));
    }
    assertThat(answer.get("samePerson").getAsBoolean()).isEqualTo(same);
    JsonObject face = answer.getAsJsonObject("second").getAsJsonObject("face");
    byte[] crop = Base64.getDecoder().decode(face.get("crop").getAsString());
    assertThat(ImageIO.read(new ByteArrayInputStream(crop)).getWidth()).isEqualTo(112);
  }

  /** Returns an image of three people, the middle one of which is the astronaut. */
  private static byte[] group() throws IOException {
    BufferedImage astronaut = ImageIO.read(ASTRONAUT.toFile());
    BufferedImage admiral = ImageIO.read(ADMIRAL.toFile());
    BufferedImage group = new BufferedImage(1200, 500, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = group.createGraphics();
    graphics.drawImage(admiral, 0, 60, 340, 420, null);
    graphics.drawImage(astronaut, 350, 0, 500, 500, null);
    graphics.drawImage(admiral, 870, 100, 300, 370, null);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(group, "png", png);
    return png.toByteArray();
  }

  private static HttpResponse<String> compareGroup(String part, String point) throws Exception {
    HttpForm form = new HttpForm().add("first", group()).add("second", bytes(ADMIRAL));
    if (!part.isEmpty()) {
      form.add(part, point.getBytes(StandardCharsets.UTF_8));
    }
    return post("api/compare", form);
  }

  @Test
  void severalFaces_theCentralOneCounts_orTheOneAtAPoint() throws Exception {
    JsonObject found = answer(post("api/faces", new HttpForm().add("image", group())), "Faces");
    JsonObject central = answer(compareGroup("", ""), "Comparison");
    JsonObject first = central.getAsJsonObject("first");
    assertThat(central.get("samePerson").getAsBoolean()).isFalse();
    assertThat(first.get("faceCount").getAsInt()).isEqualTo(3);
    assertThat(first.getAsJsonArray("boxes")).hasSize(3);
    assertThat(first.getAsJsonObject("face").get("box"))
        .isEqualTo(box(found, found.get("central").getAsInt()));

    for (int i = 0; i < 3; i++) {
      JsonArray box = box(found, i);
      String center =
          (box.get(0).getAsDouble() + box.get(2).getAsDouble()) / 2
              + ","
              + (box.get(1).getAsDouble() + box.get(3).getAsDouble()) / 2;
      JsonObject chosen = answer(compareGroup("firstFace", center), "Comparison");
      assertThat(chosen.getAsJsonObject("first").getAsJsonObject("face").get("box")).isEqualTo(box);
      assertThat(chosen.get("samePerson").getAsBoolean())
          .isEqualTo(i != found.get("central").getAsInt());
    }
  }

  private static JsonArray box(JsonObject found, int index) {
    return found.getAsJsonArray("faces").get(index).getAsJsonObject().getAsJsonArray("box");
  }

  @Test
  void pointWithoutAFace_isRefused() throws Exception {
    assertRefused(compareGroup("firstFace", "1,-2.5"), 422, "first: no face was found at 1.0,-2.5");
    for (String point : List.of("", "1", "1,2,3", "1;2", "NaN,1", "1e3,1", "a,b", "1, 2")) {
      assertRefused(compareGroup("secondFace", point), 400, "secondFace: expected a point x,y");
    }
    assertRefused(
        post(
            "api/faces",
            new HttpForm().add("image", bytes(ADMIRAL)).add("imageFace", new byte[] {'1'})),
        400,
        "found another one");
  }

  @Test
  void scores_areDrawnForAWidth() throws Exception {
    for (int width : List.of(280, 1000)) {
      JsonObject plot = answer(HttpForm.get(server.url() + "api/scores?width=" + width), "Plot");
      assertThat(plot.get("svg").getAsString())
          .startsWith("<svg")
          .contains("width=\"" + width + "\"", "data-left=", "threshold 0.3500");
    }
    for (String query :
        List.of("", "?width=279", "?width=2001", "?width=-1", "?width=99999999999")) {
      assertRefused(
          HttpForm.get(server.url() + "api/scores" + query),
          400,
          "expected the query width=PIXELS");
    }
  }

  @Test
  void faces_areWhatTheCommandSays() throws Exception {
    JsonObject answer =
        answer(post("api/faces", new HttpForm().add("image", bytes(ADMIRAL))), "Faces");

    JsonObject command =
        JsonParser.parseString(Run.of(new Analyze(), "--json", ADMIRAL).out()).getAsJsonObject();
    JsonObject face = answer.getAsJsonArray("faces").get(0).getAsJsonObject();
    face.remove("crop");
    assertThat(answer.remove("central").getAsInt()).isZero();
    command.remove("image");
    command.remove("version");
    assertThat(answer).isEqualTo(command);
  }

  /** The server looks for upright faces; a network may find another one nevertheless. */
  @Test
  void turnedFace_hasItsTurn() throws Exception {
    Path file = folder.resolve("turned.png");
    ImageIO.write(FaceImage.read(ASTRONAUT).turned(90).toBufferedImage(), "png", file.toFile());
    JsonObject found = answer(post("api/faces", new HttpForm().add("image", bytes(file))), "Faces");
    assertThat(turn(found.getAsJsonArray("faces").get(0))).isEqualTo(90);
    JsonObject compared =
        answer(
            post(
                "api/compare", new HttpForm().add("first", bytes(file)).add("second", bytes(file))),
            "Comparison");
    assertThat(turn(compared.getAsJsonObject("first").get("face"))).isEqualTo(90);
    JsonObject searched =
        answer(post("api/identify", new HttpForm().add("image", bytes(file))), "Identification");
    assertThat(turn(searched.getAsJsonArray("faces").get(0))).isEqualTo(90);
  }

  private static int turn(JsonElement json) {
    return json.getAsJsonObject().get("turn").getAsInt();
  }

  @Test
  void faces_ofAnImageWithoutAny_areEmpty() throws Exception {
    Path empty = Images.empty(folder.resolve("empty/image.jpg"));

    JsonObject answer =
        answer(post("api/faces", new HttpForm().add("image", bytes(empty))), "Faces");

    assertThat(answer.getAsJsonArray("faces")).isEmpty();
    assertThat(answer.has("central")).isFalse();
  }

  @Test
  void identify_findsThePerson() throws Exception {
    JsonObject answer =
        answer(
            post("api/identify", new HttpForm().add("image", bytes(RENDITION))), "Identification");

    JsonObject face = answer.getAsJsonArray("faces").get(0).getAsJsonObject();
    assertThat(face.get("identified").getAsString()).isEqualTo("collins");
    // Others in the gallery are below the threshold, and not named.
    assertThat(face.getAsJsonArray("candidates")).hasSize(1);
    assertThat(answer.toString()).doesNotContain("hopper");
    assertThat(answer.getAsJsonObject("gallery").get("persons").getAsInt()).isEqualTo(2);
    assertThat(answer.get("threshold").getAsDouble()).isEqualTo(0.5);
  }

  /** Both bundled packs have the same recognizer, but not the same distributions. */
  @Test
  void about_firstEdition_hasItsOwnDistributions() throws Exception {
    JsonObject second = answer(HttpForm.get(server.url() + "api/about"), "About");
    try (RunningServe other = new RunningServe("--models", "lite-fast")) {
      JsonObject first = answer(HttpForm.get(other.url() + "api/about"), "About");
      assertThat(first.get("modelId")).isEqualTo(second.get("modelId"));
      assertThat(first.get("scores")).isNotEqualTo(second.get("scores"));
      assertThat(
              first
                  .getAsJsonObject("scores")
                  .getAsJsonObject("defaultThreshold")
                  .getAsJsonObject("fnmr")
                  .get("value")
                  .getAsDouble())
          .isEqualTo(5 / 300.0);
    }
  }

  @Test
  void about_saysWhatASimilarityMeans() throws Exception {
    JsonObject about = answer(HttpForm.get(server.url() + "api/about"), "About");

    assertThat(about.getAsJsonObject("operatingPoint").get("threshold"))
        .isEqualTo(about.get("threshold"));
    JsonObject histogram = about.getAsJsonObject("scores").getAsJsonObject("histogram");
    for (String kind : List.of("mated", "nonMated")) {
      double sum =
          histogram.getAsJsonArray(kind).asList().stream()
              .mapToDouble(JsonElement::getAsDouble)
              .sum();
      assertThat(sum).isCloseTo(1, within(1e-4));
    }
  }

  /** Liveness and quality if networks are given; no error rates if none are known. */
  @Test
  @Tag("testdata")
  void otherModels_sayWhatTheyCan() throws Exception {
    String property = System.getProperty("omote.testdata");
    assumeTrue(
        property != null && !property.isBlank(),
        "skipped: needs the reference data; give its folder as -Domote.testdata=...");
    Path models = Path.of(property, "models");
    Path networks = models.resolve("analysis");
    Object[] options = {
      "--detector", models.resolve("scrfd_2.5g_kps_dynamic.onnx"),
      "--embedder", models.resolve("arcface_mobilefacenet_dynamic.onnx"),
      "--landmarks106", networks.resolve("layout_2d106_mesh.onnx"),
      "--landmarks68", networks.resolve("layout_1k3d68_mesh.onnx"),
      "--gender-age", networks.resolve("genderage.onnx"),
      "--liveness", networks.resolve("MiniFASNetV2.onnx"),
      "--liveness", networks.resolve("MiniFASNetV1SE.onnx"),
      "--quality", networks.resolve("lightqnet-dm050.onnx")
    };
    try (RunningServe other = new RunningServe(options)) {
      JsonObject face =
          answer(
                  new HttpForm().add("image", bytes(ADMIRAL)).post(other.url() + "api/faces"),
                  "Faces")
              .getAsJsonArray("faces")
              .get(0)
              .getAsJsonObject();
      assertThat(face.keySet())
          .contains("landmarks106", "landmarks68", "age", "sex", "liveness", "quality", "crop");
      JsonObject about = answer(HttpForm.get(other.url() + "api/about"), "About");
      assertThat(about.keySet()).doesNotContain("scores", "operatingPoint", "gallery");
      assertRefused(
          HttpForm.get(other.url() + "api/scores?width=300"),
          404,
          "are unknown: run omote evaluate");
      assertRefused(
          new HttpForm().add("image", bytes(ADMIRAL)).post(other.url() + "api/identify"),
          404,
          "start the server with --gallery");
    }
    Object[] ofLite =
        Stream.concat(
                Stream.of(options).limit(4),
                Stream.of("--report", "src/main/resources/io/omote/face/cli/web/lite-report.json"))
            .toArray();
    assertNoStart("the report belongs to another model", ofLite);
  }

  @Test
  void document_namesAllPaths() throws Exception {
    JsonObject paths = JsonParser.parseString(document).getAsJsonObject().getAsJsonObject("paths");

    assertThat(paths.keySet())
        .containsExactlyInAnyOrder(
            "/api/about", "/api/scores", "/api/faces", "/api/compare", "/api/identify");
    for (String path : paths.keySet()) {
      // DELETE is not allowed, so the answer lists the allowed methods.
      String answer =
          raw("DELETE %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(path));
      assertThat(answer).startsWith("HTTP/1.1 405");
      String method = paths.getAsJsonObject(path).keySet().iterator().next();
      assertThat(answer).containsIgnoringCase("Allow: " + method);
    }
  }

  @Test
  void page_allowsNothingFromElsewhere() throws Exception {
    HttpResponse<String> page = HttpForm.get(server.url());

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("A demonstration").doesNotContain("http");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe", "http");
    assertThat(page.headers().firstValue("Permissions-Policy").orElseThrow())
        .contains("camera=(self)", "microphone=()");
    assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(HttpForm.get(server.url() + "page.js").headers().firstValue("Content-Type"))
        .contains("text/javascript; charset=utf-8");
    assertThat(raw("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200")
        .endsWith("\r\n\r\n");
  }

  @Test
  void badImages_areRefusedAsByTheLibrary() throws Exception {
    byte[] good = bytes(ASTRONAUT);
    byte[] none = bytes(Images.empty(folder.resolve("empty/image.jpg")));

    assertRefused(
        post("api/faces", new HttpForm().add("image", "text".getBytes(StandardCharsets.UTF_8))),
        415,
        "image: expected a JPEG, PNG, BMP or WebP image");
    assertRefused(
        post("api/faces", new HttpForm().add("image", new byte[0])), 422, "image: expected");
    assertRefused(
        post("api/faces", new HttpForm().add("image", Arrays.copyOf(good, 5000))),
        422,
        "image: expected");
    assertRefused(
        post("api/compare", new HttpForm().add("first", good).add("second", none)),
        422,
        "second: no upright face was found");
    // A header of 60,000 x 60,000 pixels.
    byte[] bomb = good.clone();
    bomb[18] = (byte) 0xea;
    bomb[22] = (byte) 0xea;
    assertThat(post("api/faces", new HttpForm().add("image", bomb)).statusCode()).isIn(413, 422);
  }

  @Test
  void otherForms_areRefused() throws Exception {
    byte[] good = bytes(RENDITION);
    assertRefused(post("api/compare", new HttpForm().add("first", good)), 400, "found no 'second'");
    assertRefused(
        post("api/compare", new HttpForm().add("first", good).add("first", good)),
        400,
        "found one twice");
    assertRefused(
        post("api/faces", new HttpForm().add("image", good).add("other", good)),
        400,
        "found another one");
  }

  /** Sends a raw request, even one that no HTTP client would send. */
  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(120_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      // Not to the end of the connection, which may wait for the rest of a body.
      return read(socket.getInputStream());
    }
  }

  private static String read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("an answer after '%s'", head).isNotNegative();
      head.append((char) next);
    }
    Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
    byte[] body = length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0];
    return head + new String(body, StandardCharsets.UTF_8);
  }

  private static String rawPost(String headers, String body) throws IOException {
    return raw(
        "POST /api/faces HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s\r\n\r\n%s"
            .formatted(headers, body));
  }

  @Test
  void lengths_areCheckedBeforeABodyIsRead() throws Exception {
    assertThat(rawPost("Content-Type: " + HttpForm.TYPE + "\r\nContent-Length: 9000000000", ""))
        .startsWith("HTTP/1.1 413");
    assertThat(
            rawPost(
                "Content-Type: " + HttpForm.TYPE + "\r\nTransfer-Encoding: chunked", "0\r\n\r\n"))
        .startsWith("HTTP/1.1 411");
    assertThat(rawPost("Content-Type: " + HttpForm.TYPE, "")).startsWith("HTTP/1.1 411");
    // More than an image, and sent: the answer can be read.
    assertRefused(
        post("api/faces", new HttpForm().add("image", new byte[30_000_000])),
        413,
        "expected a body of at most");
    assertRefused(
        post(
            "api/compare",
            new HttpForm().add("first", new byte[30_000_000]).add("second", new byte[9])),
        413,
        "first: expected a file of at most 25000000 bytes");
    assertThat(rawPost("Content-Length: -5", "")).startsWith("HTTP/1.1 4");
    assertThat(rawPost("Content-Length: 1e9", "")).startsWith("HTTP/1.1 4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image/jpeg",
        "multipart/form-data",
        "application/json",
        "multipart/mixed; boundary=between"
      })
  void otherTypes_areRefused(String type) throws Exception {
    assertThat(rawPost("Content-Type: %s\r\nContent-Length: 2".formatted(type), "{}"))
        .startsWith("HTTP/1.1 415");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--between",
        "--between\r\n",
        "--between\r\n\r\n\r\n--between--",
        "--between\r\nContent-Disposition: form-data; name=image\r\n\r\nabc",
        "\u0000\u0000--between--between--between",
        "--between\r\nContent-Disposition\r\n\r\nabc\r\n--between--\r\n",
        "--between\r\nX: \u0000\u00ff\r\nContent-Disposition: ;;;=;name\r\n\r\nabc\r\n--between--\r\n"
      })
  void damagedForms_areRefused(String body) throws Exception {
    assertThat(
            rawPost(
                "Content-Type: %s\r\nContent-Length: %d".formatted(HttpForm.TYPE, body.length()),
                body))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void longHeadersOfAPart_areRefused() throws Exception {
    String body = "--between\r\nX: %s\r\n\r\nabc\r\n--between--\r\n".formatted("x".repeat(100_000));
    assertThat(
            rawPost(
                "Content-Type: %s\r\nContent-Length: %d".formatted(HttpForm.TYPE, body.length()),
                body))
        .startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/page.js/../openapi.json",
        "//page.html",
        "/page.html",
        "/lite-report.json",
        "/api/",
        "/api/faces/",
        "/%00",
        "/FaceService.class",
        "/\\..\\..\\windows"
      })
  void pathTricks_leadNowhere(String path) throws Exception {
    String answer =
        raw("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(path));
    assertThat(answer).matches("(?s)HTTP/1.1 40[04] .*").doesNotContain("root:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.2",
        "",
        "127.0.0.1@evil.example"
      })
  void otherHosts_areRefused(String host) throws Exception {
    String answer = raw("GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host));
    assertThat(answer).startsWith("HTTP/1.1 421").contains("unknown host name");
  }

  @Test
  void noHost_isRefused() throws Exception {
    assertThat(raw("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 4");
  }

  @Test
  void pagesOfOtherSites_areRefused() throws Exception {
    HttpForm form = new HttpForm().add("image", bytes(RENDITION));
    assertRefused(
        form.post(server.url() + "api/faces", "Origin", "https://evil.example"),
        403,
        "pages of other sites");
    assertRefused(
        form.post(server.url() + "api/faces", "Origin", "null"), 403, "pages of other sites");
    // Another program of this machine is another site: its port says so.
    for (String other :
        List.of("http://127.0.0.1:1", "http://127.0.0.1", "http://localhost:" + server.port())) {
      assertRefused(
          form.post(server.url() + "api/faces", "Origin", other), 403, "pages of other sites");
    }
    String own = server.url().substring(0, server.url().length() - 1);
    answer(form.post(server.url() + "api/faces", "Origin", own), "Faces");
  }

  /** This server and a proxy in front of it might choose different ones. */
  @ParameterizedTest
  @CsvSource({
    "Host: localhost|Host: evil.example, 421",
    "Host: localhost|Host: localhost, 421",
    "Host: localhost|Origin: http://localhost|Origin: https://evil.example, 403"
  })
  void severalHostsOrOrigins_areRefused(String headers, int status) throws Exception {
    String answer =
        raw(
            "GET / HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n"
                .formatted(headers.replace("|", "\r\n")));
    assertThat(answer).startsWith("HTTP/1.1 " + status);
  }

  @Test
  void beyondLoopback_needsItsToken() throws Exception {
    try (RunningServe open = new RunningServe("--address", "0.0.0.0", "--host", "faces.example")) {
      assertThat(open.token()).hasSizeGreaterThanOrEqualTo(32);
      String about = "http://127.0.0.1:%d/api/about".formatted(open.port());

      assertRefused(HttpForm.get(about), 401, "send the header 'Authorization");
      assertThat(HttpForm.get(about).headers().firstValue("WWW-Authenticate")).contains("Bearer");
      assertRefused(HttpForm.get(about, "Authorization", "Bearer wrong"), 401, "missing or wrong");
      assertRefused(
          new HttpForm()
              .add("image", bytes(RENDITION))
              .post("http://127.0.0.1:%d/api/faces".formatted(open.port())),
          401,
          "missing or wrong");
      answer(HttpForm.get(about, "Authorization", "Bearer " + open.token()), "About");
    }
    try (RunningServe next = new RunningServe("--address", "0.0.0.0")) {
      assertThat(server.token()).isNull();
      assertThat(next.token()).isNotNull();
    }
  }

  @Test
  void start_thatCannotBe_isReported() {
    Path gallery = folder.resolve("gallery");
    String port = "port " + server.port() + ": another program uses it; choose another";
    assertNoStart("cannot listen on 127.0.0.1, " + port, "--port", server.port());
    assertNoStart("192.0.2.1, which is not an address of this machine", "--address", "192.0.2.1");
    assertNoStart("is not the report.json of an evaluation", "--report", ADMIRAL);
    assertNoStart("there is no file nowhere.json: check --report", "--report", "nowhere.json");
    assertNoStart("is not the report.json of an evaluation", "--report", folder);
    assertNoStart("expected", "--gallery", gallery, "--fpir", "1e-9");
    assertNoStart("there is no gallery at", "--gallery", folder.resolve("nobody"));
  }

  /** As a user, the port is not permitted; as an administrator, it is in use. */
  @Test
  void lowPort_thatCannotBeUsed_isReported() throws IOException {
    try (ServerSocket low = new ServerSocket()) {
      try {
        low.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1023));
      } catch (IOException e) {
        assertThat(low.isBound()).isFalse();
      }
      assertNoStart("or you may not use ports below 1024", "--port", 1023);
    }
  }

  private static void assertNoStart(String text, Object... options) {
    Run run = Run.of(new Serve(), options);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains(text).doesNotContain("Exception");
  }
}
