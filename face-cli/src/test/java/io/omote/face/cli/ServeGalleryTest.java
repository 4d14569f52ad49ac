// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.GalleryEntry;
import io.omote.face.gallery.LuceneGallery;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The web page while others write to its gallery. */
class ServeGalleryTest {
  private static final Path ADMIRAL = Path.of("../samples/grace_hopper.jpg");

  private static FaceEmbedding admiral;

  @TempDir private Path folder;
  private Path gallery;
  private RunningServe server;

  @BeforeAll
  static void embed() {
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite());
        FaceEmbedder embedder = FaceEmbedder.create(ModelZoo.lite())) {
      FaceImage image = FaceImage.read(ADMIRAL);
      admiral = embedder.embed(image, detector.detect(image).get(0));
    }
  }

  @BeforeEach
  void start() throws IOException {
    gallery = folder.resolve("gallery");
    People.enroll(gallery, "maya");
    server = new RunningServe("--gallery", gallery);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> post() throws Exception {
    return new HttpForm()
        .add("image", Files.readAllBytes(ADMIRAL))
        .post(server.url() + "api/identify");
  }

  private JsonObject identify() throws Exception {
    HttpResponse<String> answer = post();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonParser.parseString(answer.body()).getAsJsonObject();
  }

  private static JsonObject face(JsonObject answer) {
    return answer.getAsJsonArray("faces").get(0).getAsJsonObject();
  }

  private JsonObject about() throws Exception {
    return JsonParser.parseString(HttpForm.get(server.url() + "api/about").body())
        .getAsJsonObject();
  }

  private static String size(JsonObject answer) {
    return answer.get("gallery").toString();
  }

  private void enrollAdmiral() {
    try (FaceGallery other = LuceneGallery.open(gallery, admiral.modelId())) {
      other.enroll("hopper", "1.jpg", admiral);
    }
  }

  private void enrollMany(int count) {
    try (FaceGallery other = LuceneGallery.open(gallery, admiral.modelId())) {
      other.enroll(
          IntStream.range(0, count)
              .mapToObj(i -> new GalleryEntry("person " + i, "1.jpg", People.face(i)))
              .toList());
    }
  }

  @Test
  void enrollmentsAndRemovals_countAtOnce() throws Exception {
    assertThat(face(identify()).has("identified")).isFalse();

    enrollAdmiral();
    assertThat(face(identify()).get("identified").getAsString()).isEqualTo("hopper");
    assertThat(size(about())).isEqualTo("{\"samples\":2,\"persons\":2}");

    People.remove(gallery, "hopper");
    assertThat(size(about())).isEqualTo("{\"samples\":1,\"persons\":1}");
    JsonObject answer = identify();
    assertThat(face(answer).has("identified")).isFalse();
    assertThat(face(answer).getAsJsonArray("candidates").toString()).doesNotContain("hopper");
    assertThat(size(answer)).isEqualTo("{\"samples\":1,\"persons\":1}");
  }

  /** Another process removes the person, as in practice. */
  @Test
  void removalByAnotherProcess_countsAtOnce() throws Exception {
    enrollAdmiral();
    assertThat(face(identify()).get("identified").getAsString()).isEqualTo("hopper");

    Run removal =
        new CommandProcess(folder)
            .run("gallery", CommandProcess.word(gallery), "--remove", "hopper");

    assertThat(removal.exitCode()).as(removal.err()).isZero();
    assertThat(face(identify()).has("identified")).isFalse();
  }

  @Test
  void threshold_followsTheSize() throws Exception {
    double few = identify().get("threshold").getAsDouble();
    enrollMany(300);
    JsonObject answer = identify();
    assertThat(size(answer)).isEqualTo("{\"samples\":301,\"persons\":301}");
    assertThat(answer.get("threshold").getAsDouble()).isGreaterThan(few);
  }

  @Test
  void sizeBeyondWhatWasMeasured_isReported() throws Exception {
    server.close();
    server = new RunningServe("--gallery", gallery, "--fpir", "0.001");
    enrollMany(1500);
    HttpResponse<String> answer = post();
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(answer.body()).contains("\"threshold\"", "with 1501 samples");
  }

  @Test
  void emptyGallery_fillsWhileServed() throws Exception {
    People.remove(gallery, "maya");
    JsonObject answer = identify();
    assertThat(size(answer)).isEqualTo("{\"samples\":0,\"persons\":0}");
    assertThat(face(answer).get("candidates")).isEqualTo(new JsonArray());

    server.close();
    server = new RunningServe("--gallery", gallery);
    assertThat(size(about())).isEqualTo("{\"samples\":0,\"persons\":0}");
    enrollAdmiral();
    assertThat(face(identify()).get("identified").getAsString()).isEqualTo("hopper");
  }

  /** An error rather than an uncertain identification. */
  @Test
  void galleryThatIsGone_isReported_untilItIsBack() throws Exception {
    enrollAdmiral();
    Path copy = folder.resolve("copy");
    Files.move(gallery, copy);
    for (HttpResponse<String> answer :
        List.of(post(), HttpForm.get(server.url() + "api/about"), post())) {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(answer.body()).contains("\"gallery\"").doesNotContain("hopper", folder.toString());
    }
    Files.move(copy, gallery);
    assertThat(face(identify()).get("identified").getAsString()).isEqualTo("hopper");
  }

  @Test
  void damagedGallery_isReported() throws Exception {
    enrollAdmiral();
    try (Stream<Path> files = Files.list(gallery)) {
      Path segments =
          files
              .filter(file -> file.getFileName().toString().startsWith("segments_"))
              .max(Comparator.naturalOrder())
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(segments);
      bytes[bytes.length / 2] ^= 1;
      Files.write(segments, bytes);
    }
    assertThat(post().statusCode()).isEqualTo(503);
    assertThat(post().statusCode()).isEqualTo(503);
  }

  @Test
  void galleryThatIsReplaced_isTheNewOne() throws Exception {
    Files.move(gallery, folder.resolve("before"));
    enrollAdmiral();

    JsonObject answer = identify();

    assertThat(face(answer).get("identified").getAsString()).isEqualTo("hopper");
    assertThat(answer.toString()).doesNotContain("maya");
  }
}
