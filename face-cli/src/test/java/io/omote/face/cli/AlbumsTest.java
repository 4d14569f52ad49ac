// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.evaluation.ClusteringScores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Albums of images, with the bundled pack. */
class AlbumsTest {
  @TempDir private Path folder;

  private Path images() {
    Path images = folder.resolve("images");
    Images.astronaut(images.resolve("a/<b>&amp.jpg"), 400);
    Images.astronaut(images.resolve("b/2.jpg"), 480);
    Images.admiral(images.resolve("b/3.jpg"), 400);
    return images;
  }

  private static List<JsonObject> json(Run run) {
    return run.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
  }

  @Test
  void albums_ofImages_areGroupsAndASheet() throws IOException {
    Path sheet = folder.resolve("sheet");

    Run run = Run.of(new Albums(), images(), "--json", "--sheet", sheet);

    assertThat(run.exitCode()).as(run.err()).isZero();
    List<JsonObject> lines = json(run);
    assertThat(lines).hasSize(2);
    JsonObject album = lines.get(0);
    assertThat(album.keySet()).containsExactly("person", "faces");
    assertThat(album.get("person").isJsonNull()).isTrue();
    JsonArray faces = album.getAsJsonArray("faces");
    assertThat(faces).hasSize(2);
    JsonObject face = faces.get(0).getAsJsonObject();
    assertThat(face.keySet()).containsExactly("image", "box", "similarity");
    assertThat(face.getAsJsonArray("box")).hasSize(4);
    assertThat(face.get("similarity").getAsDouble()).isBetween(0.9, 1.0);
    assertThat(lines.get(1).keySet()).containsExactly("ungrouped");
    JsonArray single = lines.get(1).getAsJsonArray("ungrouped");
    assertThat(single).hasSize(1);
    assertThat(single.get(0).getAsJsonObject().keySet()).containsExactly("image", "box");
    assertThat(single.get(0).getAsJsonObject().get("image").getAsString()).endsWith("3.jpg");

    String page = Files.readString(sheet.resolve("index.html"));
    assertThat(page)
        .contains("3 faces, 1 albums", "<h2>Album 1 <small>2</small></h2>", "<h2>In no album")
        .contains("a/&lt;b&gt;&amp;amp.jpg at ")
        .doesNotContain("<b>", "<script");
    try (Stream<Path> crops = Files.list(sheet.resolve("faces"))) {
      assertThat(crops.map(crop -> crop.getFileName().toString()))
          .containsExactlyInAnyOrder("000000.jpg", "000001.jpg", "000002.jpg")
          .allMatch(crop -> page.contains("src=\"faces/" + crop));
    }
  }

  @Test
  void peopleOfAGallery_keepTheirNames() {
    Path people = folder.resolve("people");
    Images.astronaut(people.resolve("collins/1.jpg"), 440);
    String gallery = folder.resolve("gallery").toString();
    assertThat(Run.of(new Enroll(), gallery, people).exitCode()).isZero();

    Run run = Run.of(new Albums(), images(), "--gallery", gallery);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith("3 faces in 3 images: 1 album at threshold 0.4194, 1 face in no album")
        .contains("collins: 2 faces");
  }

  @Test
  void imagesThatCannotBeRead_areReported() throws IOException {
    Path images = images();
    Files.writeString(images.resolve("broken.jpg"), "no image");
    Files.createFile(images.resolve("empty.png"));
    Files.writeString(images.resolve("notes.txt"), "not meant as an image");
    // A file that macOS creates for an image.
    Files.writeString(images.resolve("._broken.jpg"), "attributes");

    Run run = Run.of(new Albums(), images, "--threshold", "0.4");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.err()).contains("broken.jpg: expected ", "empty.png: expected ");
    assertThat(run.out()).startsWith("3 faces in 5 images: 1 album at threshold 0.4000");
  }

  /** What the contact sheet saves leads to albums with names, and no face is enrolled twice. */
  @Test
  void names_areEnrolledAndNameAlbums() throws IOException {
    Path images = images();
    String gallery = folder.resolve("gallery").toString();
    JsonObject album =
        json(Run.of(new Albums(), images, "--json")).stream()
            .filter(line -> line.has("faces"))
            .findFirst()
            .orElseThrow();
    JsonObject face = album.getAsJsonArray("faces").get(0).getAsJsonObject();
    String named =
        "{\"version\":1,\"persons\":[{\"person\":\"Eileen\",\"faces\":[{\"image\":%s,\"box\":%s},"
            + "{\"image\":\"gone.jpg\",\"box\":[1,2,3,4]}]}]}";
    Path names =
        Files.writeString(
            folder.resolve("names.json"), named.formatted(face.get("image"), face.get("box")));

    for (int repeated = 0; repeated < 2; repeated++) {
      Run run = Run.of(new Albums(), images, "--gallery", gallery, "--names", names);

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out()).contains("1 face enrolled by name", "Eileen: 2 faces");
      assertThat(run.err()).contains("not found among the faces of these images, or left out: 1");
      assertThat(Run.of(new Gallery(), gallery).out()).contains("1 sample of 1 person");
    }
  }

  @Test
  void namesWithoutAGallery_areRefused() {
    Run run = Run.of(new Albums(), images(), "--names", folder.resolve("names.json"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("--names needs --gallery");
  }

  /** Faces of an earlier run would remain, under the numbers of other faces. */
  @Test
  void sheetThatIsThere_isNotWrittenOver() throws IOException {
    Path crops = Files.createDirectories(folder.resolve("sheet/faces"));
    Path before = Files.writeString(crops.resolve("000000.jpg"), "somebody");
    Path page = Files.writeString(folder.resolve("index.html"), "of something else");

    for (Path sheet : List.of(folder.resolve("sheet"), folder)) {
      Run run = Run.of(new Albums(), images(), "--sheet", sheet);

      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err().lines()).singleElement().asString().contains(" already exists: ");
    }
    assertThat(before).hasContent("somebody");
    assertThat(page).hasContent("of something else");
    assertThat(folder.resolve("faces")).doesNotExist();
  }

  /** A run that is bound to fail writes no face. */
  @Test
  void galleryThatCannotBeSearched_isReportedBeforeAFaceIsWritten() {
    Path sheet = folder.resolve("sheet");
    Path none = folder.resolve("none");

    Run unknown = Run.of(new Albums(), images(), "--sheet", sheet, "--gallery", none);
    Run wrong = Run.of(new Albums(), images(), "--sheet", sheet, "--threshold", "3");

    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).startsWith("there is no gallery at ");
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(sheet).doesNotExist();
  }

  @Test
  void modelsWithoutAThreshold_areRefused() {
    Run run =
        Run.of(new Albums(), images(), "--detector", "det.onnx", "--embedder", "recognition.onnx");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("ModelFile[recognition.onnx] has no threshold for a false match rate of 1.0E-4")
        .contains("give one with --threshold COSINE");
  }

  @Test
  void folderWithoutImages_hasNoAlbums() {
    Run run = Run.of(new Albums(), folder, "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().strip()).isEqualTo("{\"ungrouped\":[]}");
  }

  @Test
  void missingFolder_isReported() {
    Run run = Run.of(new Albums(), folder.resolve("none"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("a file could not be read or written: ");
  }

  /** The numbers in docs/identification.md: the central face of each image has a known identity. */
  @Test
  @Tag("testdata")
  void labeledImages_areGroupedByPerson() {
    String data = System.getProperty("omote.testdata");
    assumeTrue(
        data != null && !data.isBlank(),
        "skipped: needs the reference data; give its folder as -Domote.testdata=...");

    Run run = Run.of(new Albums(), Path.of(data, "lfw-dev"), "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    Map<String, Central> images = new TreeMap<>();
    int group = 0;
    for (JsonObject line : json(run)) {
      boolean isAlbum = line.has("faces");
      for (JsonElement element : line.getAsJsonArray(isAlbum ? "faces" : "ungrouped")) {
        JsonObject face = element.getAsJsonObject();
        Central central = Central.of(face.getAsJsonArray("box"), group);
        images.merge(
            face.get("image").getAsString(), central, (a, b) -> a.offset < b.offset ? a : b);
        group += isAlbum ? 0 : 1;
      }
      group++;
    }
    assertThat(images).hasSize(600);
    List<String> people = new ArrayList<>();
    List<Integer> groups = new ArrayList<>();
    images.forEach(
        (image, central) -> {
          people.add(image.replaceAll("_\\d+\\.jpg$", ""));
          groups.add(central.group);
        });
    ClusteringScores scores = ClusteringScores.of(people, groups);
    System.out.printf(
        "%s, B-cubed F1 %.4f, pair F1 %.4f%n", scores, scores.bCubedF1(), scores.pairF1());
    assertThat(scores.bCubedF1()).isGreaterThanOrEqualTo(0.98);
  }

  /** A face of an image of 250 by 250 pixels, and its distance from the center. */
  private record Central(double offset, int group) {
    static Central of(JsonArray box, int group) {
      double x = (box.get(0).getAsDouble() + box.get(2).getAsDouble()) / 2 - 125;
      double y = (box.get(1).getAsDouble() + box.get(3).getAsDouble()) / 2 - 125;
      return new Central(Math.hypot(x, y), group);
    }
  }
}
