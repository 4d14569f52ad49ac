// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.FaceEmbedding;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands enroll, identify and gallery on the sample images, with the bundled pack. */
class GalleryCommandsTest {
  @TempDir private Path folder;

  private Path people() {
    Path people = folder.resolve("people");
    Images.astronaut(people.resolve("collins/1.jpg"), 400);
    Images.astronaut(people.resolve("collins/2.jpg"), 480);
    Images.admiral(people.resolve("hopper/1.jpg"), 400);
    return people;
  }

  private static JsonObject json(String line) {
    return JsonParser.parseString(line).getAsJsonObject();
  }

  private static JsonObject face(Run run, int line) {
    JsonObject image = json(run.out().lines().toList().get(line));
    return image.getAsJsonArray("faces").get(0).getAsJsonObject();
  }

  @Test
  void galleryInAFolder_goesThroughItsLife() throws IOException {
    goThroughItsLife(folder.resolve("gallery").toString());
  }

  private static String database() {
    String url = System.getProperty("omote.postgres");
    assumeTrue(
        url != null && !url.isBlank(),
        "skipped: needs PostgreSQL with pgvector; give its JDBC URL as -Domote.postgres=...");
    return url;
  }

  private static String[] galleryNamed(String name) {
    return new String[] {
      database(), "--name", name + " of " + ProcessHandle.current().pid() + "-" + System.nanoTime()
    };
  }

  @Test
  @Tag("postgres")
  void galleryInADatabase_goesThroughItsLife() throws IOException {
    goThroughItsLife(galleryNamed("commands"));
  }

  @Test
  @Tag("postgres")
  void galleryInAFolder_isImportedIntoADatabase_andBack() throws IOException {
    String[] names = IntStream.range(0, 2100).mapToObj(i -> "p" + i).toArray(String[]::new);
    Path gallery = folder.resolve("gallery");
    People.enroll(gallery, names);
    String[] database = galleryNamed("imports");

    Run run = run(new Gallery(), database, "--import", gallery);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("2100 samples imported from " + gallery, "2100 samples of 2100");
    assertThat(run(new Gallery(), database, "--import", gallery).out())
        .contains("0 samples imported", "2100 already there");

    Path export = folder.resolve("export.jsonl");
    run(new Gallery(), database, "--export", export);
    Path back = folder.resolve("back");
    assertThat(Run.of(new Gallery(), back, "--import", export).exitCode()).isZero();
    assertThat(exported(back)).isEqualTo(exported(gallery));

    People.enroll(back, "another");
    People.remove(back, "p7");
    run(new Gallery(), database, "--remove", "p8");
    assertThat(run(new Gallery(), database, "--import", back).out())
        .contains("2 samples imported", "2098 already there")
        .contains("2101 samples of 2101 people");
  }

  private List<String> exported(Path gallery) throws IOException {
    Path file = folder.resolve(gallery.getFileName() + ".jsonl");
    assertThat(Run.of(new Gallery(), gallery, "--export", file).exitCode()).isZero();
    return Files.readAllLines(file).stream().sorted().toList();
  }

  /** Somebody deletes the gallery after the first batch. */
  @Test
  @Tag("postgres")
  void galleryThatIsGone_endsTheRun() throws IOException {
    Path first = Images.astronaut(folder.resolve("people/collins/0.jpg"), 200);
    for (int i = 1; i < 60; i++) {
      Files.copy(first, first.resolveSibling(i + ".jpg"));
    }
    String[] gallery = galleryNamed("gone");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    PrintWriter deleting =
        new PrintWriter(
            new FilterWriter(out) {
              @Override
              public void write(String text, int from, int length) throws IOException {
                super.write(text, from, length);
                delete(gallery[2]);
              }
            });

    int exitCode =
        Commands.commandLine(new Enroll())
            .setOut(deleting)
            .setErr(new PrintWriter(err, true))
            .execute(
                gallery[0], folder.resolve("people").toString(), "--json", "--name", gallery[2]);

    assertThat(exitCode).as(err.toString()).isOne();
    assertThat(out.toString().lines()).hasSize(50);
    assertThat(err.toString()).contains("ended early: 50 images enrolled, 0 left out, of 60");
    assertThat(err.toString().lines()).hasSize(2);
  }

  private static void delete(String name) {
    try (Connection connection = DriverManager.getConnection(database());
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM omote_galleries WHERE name = ?")) {
      delete.setString(1, name);
      delete.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void goThroughItsLife(String... gallery) throws IOException {
    Run enrolled = run(new Enroll(), gallery, people());
    assertThat(enrolled.exitCode()).as(enrolled.err()).isZero();
    assertThat(enrolled.out())
        .contains("3 images enrolled, 0 left out; the gallery has 3 samples of 2 people");
    assertThat(run(new Enroll(), gallery, people(), "--json").out().lines())
        .hasSize(4)
        .filteredOn(line -> json(line).has("image"))
        .hasSize(3)
        .allMatch(line -> json(line).has("person"));

    Path probe = Images.astronaut(folder.resolve("probe.jpg"), 440);
    Run identified = run(new Identify(), gallery, probe, "--json", "--limit", "1");
    assertThat(identified.exitCode()).as(identified.err()).isZero();
    JsonObject line = json(identified.out());
    assertThat(line.keySet())
        .containsExactly("version", "image", "gallery", "threshold", "fpir", "faces");
    assertThat(line.getAsJsonObject("gallery")).hasToString("{\"samples\":3,\"persons\":2}");
    assertThat(line.get("fpir").getAsDouble()).isPositive().isLessThan(0.01);
    assertThat(line.get("threshold").getAsDouble()).isEqualTo(0.346);
    JsonObject face = face(identified, 0);
    assertThat(face.keySet()).containsExactly("box", "identified", "candidates");
    assertThat(face.getAsJsonArray("box")).hasSize(4);
    JsonArray candidates = face.getAsJsonArray("candidates");
    assertThat(candidates).hasSize(1);
    assertThat(candidates.get(0).getAsJsonObject().keySet())
        .containsExactly("person", "sample", "similarity");
    assertThat(face.get("identified").getAsString()).isEqualTo("collins");

    Run strict = run(new Identify(), gallery, probe, "--json", "--threshold", "0.9999999");
    assertThat(json(strict.out()).get("fpir").isJsonNull()).isTrue();
    assertThat(face(strict, 0).get("identified").isJsonNull()).isTrue();
    // Nobody is named by accident.
    assertThat(face(strict, 0).getAsJsonArray("candidates")).isEmpty();
    Run all = run(new Identify(), gallery, probe, "--json", "--threshold=0.9999999", "--limit=5");
    assertThat(face(all, 0).getAsJsonArray("candidates")).hasSize(2);
    Run text = run(new Identify(), gallery, probe);
    assertThat(text.out())
        .contains("threshold 0.3460 for 3 samples, FPIR 0.00", "  collins at ", " collins, ")
        .doesNotContain("hopper");
    Run unknown = run(new Identify(), gallery, probe, "--threshold", "0.9999999");
    assertThat(unknown.out()).contains("  not in the gallery at ").doesNotContain("collins");
    Run asked = run(new Identify(), gallery, probe, "--threshold", "0.9999999", "--limit", "1");
    assertThat(asked.out()).contains("  not in the gallery at ", " collins, ");

    Path export = folder.resolve("export.jsonl");
    Run counted = run(new Gallery(), gallery, "--json", "--export", export);
    assertThat(json(counted.out()).getAsJsonObject("gallery").get("samples").getAsInt())
        .isEqualTo(3);
    assertThat(json(counted.out()).get("modelId").getAsString())
        .isEqualTo("fr_feature:87aacdfe5751");
    List<String> lines = Files.readAllLines(export);
    assertThat(lines).hasSize(3);
    byte[] bytes = Base64.getDecoder().decode(json(lines.get(0)).get("embedding").getAsString());
    assertThat(FaceEmbedding.fromBytes(bytes).dimension()).isEqualTo(512);
    assertThat(run(new Gallery(), gallery, "--export", export).exitCode()).isEqualTo(2);

    Run one = run(new Gallery(), gallery, "--remove", "collins", "--sample", "1.jpg");
    assertThat(one.out()).contains("1 sample removed", "2 samples of 2 people");
    Run whole = run(new Gallery(), gallery, "--remove", "collins");
    assertThat(whole.out()).contains("1 sample removed", "1 sample of 1 person");
    assertThat(run(new Gallery(), gallery, "--remove", "collins").exitCode()).isEqualTo(3);
    assertThat(
            face(run(new Identify(), gallery, probe, "--json"), 0).get("identified").isJsonNull())
        .isTrue();
  }

  /** The address comes first. */
  private static Run run(Object command, String[] gallery, Object... others) {
    Object[] args = new Object[gallery.length + others.length];
    args[0] = gallery[0];
    System.arraycopy(others, 0, args, 1, others.length);
    System.arraycopy(gallery, 1, args, 1 + others.length, gallery.length - 1);
    return Run.of(command, args);
  }

  @Test
  void enroll_neverGuesses() throws IOException {
    Path people = people();
    Images.empty(people.resolve("collins/empty.jpg"));
    Files.writeString(people.resolve("collins/text.jpg"), "no image");
    Images.astronaut(people.resolve("hopper/small.jpg"), 120);
    Path gallery = folder.resolve("gallery");
    Run run = Run.of(new Enroll(), gallery, people, "--gate");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).contains("3 images enrolled, 3 left out");
    assertThat(run.err())
        .contains("empty.jpg: expected an upright face, found none")
        .contains("not read: 1 x text")
        .contains("small.jpg: expected an inter-eye distance of at least 16 pixels");
    // The same name with another face.
    Images.admiral(people.resolve("collins/1.jpg"), 300);
    Run changed = Run.of(new Enroll(), gallery, people, "--gate", "--json");
    assertThat(changed.exitCode()).isEqualTo(3);
    assertThat(changed.out()).contains("\"reason\":\"changed\"");
  }

  @Test
  void identify_ofWhatNoMeasurementSupports_isRefused() {
    Path gallery = folder.resolve("gallery");
    Run.of(new Enroll(), gallery, people());
    Run run = Run.of(new Identify(), gallery, "../samples/astronaut.png", "--fpir", "1e-7");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("for an FPIR of 1.0E-7 with 3 samples");
    assertThat(run.out()).isEmpty();
  }

  /** A run may take hours, and another process may write to the gallery in the meantime. */
  @Test
  void identify_seesWhatOthersDo() {
    Path gallery = folder.resolve("gallery");
    Run.of(new Enroll(), gallery, people());
    String probe = Images.astronaut(folder.resolve("probe.jpg"), 440).toString();
    StringWriter out = new StringWriter();
    PrintWriter removing =
        new PrintWriter(
            new FilterWriter(out) {
              @Override
              public void write(String text, int from, int length) throws IOException {
                super.write(text, from, length);
                if (text.contains("collins")) {
                  People.remove(gallery, "collins");
                }
              }
            });

    int exitCode =
        Commands.commandLine(new Identify())
            .setOut(removing)
            .execute(gallery.toString(), probe, probe, "--json");

    assertThat(exitCode).isZero();
    List<JsonObject> lines = out.toString().lines().map(GalleryCommandsTest::json).toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).toString())
        .contains("\"identified\":\"collins\"", "{\"samples\":3,\"persons\":2}");
    assertThat(lines.get(1).toString()) // which was searched for before the first was printed
        .contains("{\"samples\":1,\"persons\":1}")
        .doesNotContain("collins");
  }

  @Test
  void galleryThatIsNotThere_isReported() {
    Path nowhere = folder.resolve("nowhere");
    Path sheet = folder.resolve("sheet");
    for (Run run :
        List.of(
            Run.of(new Identify(), nowhere, "../samples/astronaut.png"),
            Run.of(new Albums(), folder, "--gallery", nowhere, "--sheet", sheet),
            Run.of(new Gallery(), nowhere))) {
      assertThat(run.exitCode()).isOne();
      assertThat(run.err()).contains("there is no gallery at");
    }
    assertThat(nowhere).doesNotExist();
    assertThat(sheet).as("said before any work").doesNotExist();
    assertThat(Run.of(new Gallery(), nowhere, "--sample", "x").exitCode()).isEqualTo(2);
  }
}
