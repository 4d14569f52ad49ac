// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.evaluation.ClusteringScores;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).keySet())
        .containsExactly("version", "threshold", "fmr", "falseLinks", "supported");
    assertThat(lines.get(0).get("threshold").getAsDouble()).isEqualTo(0.4217);
    JsonObject album = lines.get(1);
    assertThat(album.keySet()).containsExactly("version", "person", "faces");
    assertThat(album.get("person").isJsonNull()).isTrue();
    JsonArray faces = album.getAsJsonArray("faces");
    assertThat(faces).hasSize(2);
    JsonObject face = faces.get(0).getAsJsonObject();
    assertThat(face.keySet()).containsExactly("image", "box", "similarity");
    assertThat(face.getAsJsonArray("box")).hasSize(4);
    assertThat(face.get("similarity").getAsDouble()).isBetween(0.9, 1.0);
    assertThat(lines.get(2).keySet()).containsExactly("version", "ungrouped", "leftOut");
    assertThat(lines.get(2).getAsJsonArray("leftOut")).isEmpty();
    JsonArray single = lines.get(2).getAsJsonArray("ungrouped");
    assertThat(single).hasSize(1);
    assertThat(single.get(0).getAsJsonObject().keySet()).containsExactly("image", "box");
    assertThat(single.get(0).getAsJsonObject().get("image").getAsString()).endsWith("3.jpg");

    String page = Files.readString(sheet.resolve("index.html"));
    assertThat(page)
        .contains("3 faces in 3 images: 1 album, 1 face in no album, 0 faces left out")
        .contains("a/&lt;b&gt;&amp;amp.jpg at ")
        .doesNotContain("<b>");
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
        .startsWith("3 faces in 3 images: 1 album, 1 face in no album, 0 faces left out")
        // The sample of the gallery is compared, too.
        .contains(
            "threshold 0.4217 for 4 faces: FMR 0.00010, 0.00040 false links of a face to expect")
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
    assertThat(run.err())
        .contains("empty.png: expected ", "not read: 1 x text", "not taken: ", "1 x text");
    assertThat(run.out())
        .startsWith("3 faces in 5 images: 1 album, ")
        .contains("threshold 0.4000, as given");
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

      assertThat(run.exitCode()).as("a face is missing: %s", run.err()).isEqualTo(3);
      assertThat(run.out())
          .startsWith(
              repeated == 0
                  ? "1 face enrolled by name\n"
                  : "0 faces enrolled by name, 1 enrolled before\n")
          .contains("Eileen: 2 faces");
      assertThat(run.err()).contains("not found among the faces of these images, or left out: 1");
      assertThat(Run.of(new Gallery(), gallery).out()).contains("1 sample of 1 person");
    }
  }

  /** Somebody corrected a name on the sheet: nobody may have two names. */
  @Test
  void faceThatIsEnrolledAsSomebodyElse_isRefused() throws IOException {
    Path images = images();
    String gallery = folder.resolve("gallery").toString();
    JsonObject face =
        json(Run.of(new Albums(), images, "--json"))
            .get(1)
            .getAsJsonArray("faces")
            .get(0)
            .getAsJsonObject();

    Run first = Run.of(new Albums(), images, "--gallery", gallery, "--names", named("Elin", face));
    Run again =
        Run.of(new Albums(), images, "--gallery", gallery, "--names", named("Eileen", face));

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(again.exitCode()).isEqualTo(3);
    assertThat(again.err()).contains("the same face of the same image is enrolled as Elin (");
    assertThat(again.out()).startsWith("0 faces enrolled by name\n").contains("Elin: 2 faces");
    assertThat(Run.of(new Gallery(), gallery).out()).contains("1 sample of 1 person");
  }

  private Path named(String person, JsonObject face) throws IOException {
    return Files.writeString(
        folder.resolve(person + ".json"),
        "{\"version\":1,\"persons\":[{\"person\":\"%s\",\"faces\":[%s]}]}".formatted(person, face));
  }

  /** The sheet was made in another folder, or nothing was named on it. */
  @Test
  void namesOfOtherImages_areRefusedBeforeAGalleryIsCreated() throws IOException {
    Path gallery = folder.resolve("gallery");
    JsonObject face = new JsonObject();
    face.addProperty("image", "images/b/2.jpg");
    face.add("box", new JsonArray());
    List.of(1, 2, 3, 4).forEach(face.getAsJsonArray("box")::add);
    Path nobody =
        Files.writeString(folder.resolve("nobody.json"), "{\"version\":1,\"persons\":[]}");

    Run others =
        Run.of(new Albums(), images(), "--gallery", gallery, "--names", named("Eileen", face));
    Run empty = Run.of(new Albums(), images(), "--gallery", gallery, "--names", nobody);
    Run aFolder = Run.of(new Albums(), images(), "--gallery", gallery, "--names", folder);

    assertThat(List.of(others, empty, aFolder)).extracting(Run::exitCode).containsOnly(1);
    assertThat(others.err()).contains("found none of them: name the same images by the same paths");
    assertThat(empty.err()).contains("found nobody in ");
    assertThat(aFolder.err()).contains("found a folder in ");
    assertThat(gallery).doesNotExist();
  }

  /** A face that counts twice would be in an album with itself. */
  @Test
  void imageThatIsGivenAgain_countsOnce() {
    Path images = images();

    Run run = Run.of(new Albums(), images.resolve("b/3.jpg"), images, images.resolve("b/3.jpg"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("3 faces in 3 images: 1 album, 1 face in no album");
    assertThat(run.err()).contains("not taken: 2 x file or folder that another path has led to");
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
        .startsWith("ModelFile[recognition.onnx] has no threshold with a measured false match rate")
        .contains("give one with --threshold COSINE");
  }

  @Test
  void nothingFound_isAnError() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "not an image");

    for (Path input : List.of(folder, folder.resolve("none"))) {
      Run run = Run.of(new Albums(), input, "--json");

      assertThat(run.exitCode()).isEqualTo(1);
    }
    assertThat(Run.of(new Albums(), folder).err())
        .startsWith("expected images or folders of images, found no image in ");
  }

  /** A face that is too small or blurred resembles others like it. */
  @Test
  void poorFaces_areLeftOut() throws IOException {
    Path images = images();
    Images.astronaut(images.resolve("c/small.jpg"), 130);
    Path sheet = folder.resolve("sheet");

    Run run = Run.of(new Albums(), images, "--sheet", sheet);
    Run asJson = Run.of(new Albums(), images, "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith("4 faces in 4 images: 1 album, 1 face in no album, 1 face left out")
        .contains("for 3 faces", "left out: 1 face")
        .containsPattern("small.jpg at .*: too small");
    List<JsonObject> lines = json(asJson);
    JsonArray leftOut = lines.get(lines.size() - 1).getAsJsonArray("leftOut");
    assertThat(leftOut).hasSize(1);
    JsonObject face = leftOut.get(0).getAsJsonObject();
    assertThat(face.keySet()).containsExactly("image", "box", "reasons");
    assertThat(face.getAsJsonArray("reasons").get(0).getAsString()).isEqualTo("too small");
    assertThat(Files.readString(sheet.resolve("index.html")))
        .containsPattern("(?s)id=\"left-out\".*small.jpg.*too small");
  }

  /** Faces that are half hidden resemble each other. */
  @Test
  void hiddenFaces_areLeftOut() throws IOException {
    Path hidden = folder.resolve("hidden.png");
    BufferedImage image = ImageIO.read(Images.astronaut(folder.resolve("a.jpg"), 512).toFile());
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(120, 100, 90));
    graphics.fillRect(212, 30, 150, 180); // all right of the nose
    graphics.dispose();
    ImageIO.write(image, "png", hidden.toFile());

    Run run = Run.of(new Albums(), hidden, images());

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith("4 faces in 4 images: 1 album, 1 face in no album, 1 face left out")
        .containsPattern("hidden.png at .*: not surely a face");
  }

  /** The faces of a group photo may be alike, but are never one person. */
  @Test
  void facesOfOneImage_areNotInOneAlbum() throws IOException {
    Path twice = folder.resolve("twice.png");
    BufferedImage one = ImageIO.read(Images.astronaut(folder.resolve("one.jpg"), 400).toFile());
    BufferedImage both = new BufferedImage(800, one.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    both.getGraphics().drawImage(one, 0, 0, null);
    both.getGraphics().drawImage(one, 400, 0, null);
    ImageIO.write(both, "png", twice.toFile());

    Run run = Run.of(new Albums(), twice, images().resolve("b/2.jpg"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).startsWith("3 faces in 2 images: 1 album, 1 face in no album");
    assertThat(run.out()).contains("album 1: 2 faces");
  }

  /**
   * The numbers in docs/identification.md: all faces of all images. The central face of each image
   * has a known identity; others count as people of their own.
   */
  @ParameterizedTest
  @CsvSource({"lite, 741", "lite-fast, 713"})
  @Tag("testdata")
  void labeledImages_areGroupedByPerson(String pack, int count) {
    String data = System.getProperty("omote.testdata");
    assumeTrue(
        data != null && !data.isBlank(),
        "skipped: needs the reference data; give its folder as -Domote.testdata=...");

    Run run = Run.of(new Albums(), Path.of(data, "lfw-dev"), "--json", "--models", pack);

    assertThat(run.exitCode()).as(run.err()).isZero();
    List<Placed> faces = placed(json(run));
    assertThat(faces).hasSize(count);
    Map<String, Placed> central = new TreeMap<>();
    faces.forEach(face -> central.merge(face.image, face, (a, b) -> a.offset <= b.offset ? a : b));
    assertThat(central).hasSize(600);
    List<String> people = new ArrayList<>();
    List<Integer> groups = new ArrayList<>();
    central.forEach(
        (image, face) -> {
          if (!face.leftOut) {
            people.add(person(image));
            groups.add(face.group);
          }
        });
    ClusteringScores scores = ClusteringScores.of(people, groups);
    System.out.printf(
        "%s: %s, B-cubed F1 %.4f, pair F1 %.4f, left out: %d of all faces, %d of the labeled ones%n",
        pack,
        scores,
        scores.bCubedF1(),
        scores.pairF1(),
        faces.stream().filter(face -> face.leftOut).count(),
        600 - people.size());
    assertThat(scores.bCubedF1()).isGreaterThanOrEqualTo(0.985);
    for (int album = 0; album < 10; album++) {
      int number = album;
      assertThat(
              faces.stream()
                  .filter(face -> face.group == number)
                  .map(
                      face ->
                          central.containsValue(face) ? person(face.image) : "other " + face.box)
                  .distinct())
          .as("people in album %d", number + 1)
          .hasSizeBetween(1, 2);
    }
  }

  private static String person(String image) {
    return image.replaceAll("_\\d+\\.jpg$", "");
  }

  /** Returns all faces; each face in no album has a group of its own. */
  private static List<Placed> placed(List<JsonObject> lines) {
    List<Placed> faces = new ArrayList<>();
    int group = 0;
    for (JsonObject line : lines.subList(1, lines.size())) {
      if (line.has("faces")) {
        for (JsonElement face : line.getAsJsonArray("faces")) {
          faces.add(Placed.of(face.getAsJsonObject(), group, false));
        }
        group++;
      } else {
        for (String key : List.of("ungrouped", "leftOut")) {
          for (JsonElement face : line.getAsJsonArray(key)) {
            faces.add(Placed.of(face.getAsJsonObject(), group++, key.equals("leftOut")));
          }
        }
      }
    }
    return faces;
  }

  /** A face of an image of 250 by 250 pixels, and its distance from the center. */
  private record Placed(String image, String box, double offset, int group, boolean leftOut) {
    static Placed of(JsonObject face, int group, boolean leftOut) {
      JsonArray box = face.getAsJsonArray("box");
      double x = (box.get(0).getAsDouble() + box.get(2).getAsDouble()) / 2 - 125;
      double y = (box.get(1).getAsDouble() + box.get(3).getAsDouble()) / 2 - 125;
      return new Placed(
          face.get("image").getAsString(), box.toString(), Math.hypot(x, y), group, leftOut);
    }
  }
}
