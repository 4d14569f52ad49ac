// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code gallery}: exports, removals and their order. */
class GalleryTest {
  @TempDir private Path folder;
  private Path gallery;
  private Path export;

  @BeforeEach
  void enroll() throws IOException {
    gallery = folder.resolve("gallery");
    export = Files.createDirectory(folder.resolve("exports")).resolve("all.jsonl");
    People.enroll(gallery, "maya", "ben", "lea");
  }

  private static List<String> persons(Path export) throws IOException {
    return Files.readAllLines(export).stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject().get("person").getAsString())
        .sorted()
        .toList();
  }

  private List<Path> exports() throws IOException {
    try (Stream<Path> files = Files.list(export.getParent())) {
      return files.toList();
    }
  }

  @Test
  void exportAndRemove_exportsWhoIsRemoved() throws IOException {
    Run run = Run.of(new Gallery(), gallery, "--export", export, "--remove", "maya");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "3 samples exported to " + export,
            "1 sample removed",
            "model lite (fr_feature:87aacdfe5751), 2 samples of 2 people");
    assertThat(persons(export)).containsExactly("ben", "lea", "maya");
    assertThat(People.names(gallery)).containsExactly("ben", "lea");
    assertThat(exports()).containsExactly(export);
    if (export.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(export)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void exportAndRemove_json() {
    Run run = Run.of(new Gallery(), gallery, "--export", export, "--remove", "maya", "--json");

    JsonObject line = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(line.get("exported").getAsInt()).isEqualTo(3);
    assertThat(line.get("removed").getAsInt()).isEqualTo(1);
    assertThat(line.get("samples").getAsInt()).isEqualTo(2);
  }

  @Test
  void exportThatIsThere_removesNobody() throws IOException {
    Files.writeString(export, "of before");

    Run run = Run.of(new Gallery(), gallery, "--export", export, "--remove", "maya");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .isEqualToIgnoringNewLines(
            export + " already exists: choose another name, or move the file away");
    assertThat(People.names(gallery)).containsExactly("ben", "lea", "maya");
    assertThat(export).hasContent("of before");
  }

  @Test
  void exportThatWasKilledBefore_isNamed() throws IOException {
    Path left = Files.writeString(export.resolveSibling("all.jsonl.unfinished"), "{");

    Run run = Run.of(new Gallery(), gallery, "--export", export, "--remove", "maya");

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("found " + left).hasLineCount(1);
    assertThat(People.names(gallery)).hasSize(3);
    assertThat(exports()).containsExactly(left);
  }

  /** A gallery takes _all.jsonl for its own remains, and segments_z for its newest state. */
  @ParameterizedTest
  @ValueSource(strings = {"_all.jsonl", "segments_z", "all.jsonl"})
  void exportIntoTheGallery_removesNobody(String name) {
    Run run = Run.of(new Gallery(), gallery, "--export", gallery.resolve(name), "--remove", "maya");

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains(gallery + " is the folder of a gallery").hasLineCount(1);
    assertThat(People.names(gallery)).hasSize(3);
    assertThat(gallery.resolve(name)).doesNotExist();
  }

  @Test
  void exportToALinkThatLeadsNowhere_removesNobody() throws IOException {
    Files.createSymbolicLink(export, folder.resolve("nowhere"));

    Run run = Run.of(new Gallery(), gallery, "--export", export, "--remove", "maya");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(People.names(gallery)).hasSize(3);
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void exportToNoFolder_removesNobody() {
    Path nowhere = folder.resolve("nowhere/all.jsonl");

    Run run = Run.of(new Gallery(), gallery, "--export", nowhere, "--remove", "maya");

    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .startsWith("the folder " + nowhere.getParent() + " is missing")
        .hasLineCount(1);
    assertThat(People.names(gallery)).hasSize(3);
    assertThat(nowhere.getParent()).doesNotExist();
  }

  @Test
  void removalOfNobody_exportsNothing() throws IOException {
    Run run = Run.of(new Gallery(), gallery, "--export", export, "--remove", "nobody");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("'nobody' is not in the gallery", "removed or exported");
    assertThat(exports()).isEmpty();

    Run sample =
        Run.of(new Gallery(), gallery, "--export", export, "--remove", "maya", "--sample", "9.jpg");
    assertThat(sample.exitCode()).isEqualTo(3);
    assertThat(exports()).isEmpty();
    assertThat(People.names(gallery)).hasSize(3);
  }

  /** A limit on file sizes simulates a disk that fills up during the export. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void exportThatCannotBeWritten_removesNobody() throws Exception {
    People.enroll(
        gallery, IntStream.range(0, 500).mapToObj(i -> "more " + i).toArray(String[]::new));
    Run run =
        new CommandProcess(folder)
            .before("ulimit -f 1024")
            .run(
                "gallery",
                CommandProcess.word(gallery),
                "--export",
                CommandProcess.word(export),
                "--remove",
                "maya");

    assertThat(run.exitCode()).as(run.err()).isOne();
    assertThat(run.err()).contains(export + " could not be written").doesNotContain("\tat ");
    assertThat(People.names(gallery)).hasSize(503).contains("maya");
    assertThat(exports()).isEmpty();
  }

  /** Names are literal: {@code @z} is not read from the file {@code z}. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "@z",
        "-x",
        "--json",
        "\"quoted\"",
        "'single'",
        " spaced ",
        "${user.home}",
        "a=b",
        "a,b",
        "*"
      })
  void oddNames_areTakenAsTheyStand(String name) throws IOException {
    People.enroll(gallery, name);
    Path file = Path.of(name.substring(1));
    boolean isFile = name.startsWith("@") && Files.notExists(file);
    if (isFile) {
      Files.writeString(file, "maya");
    }
    try {
      Run run = Run.of(new Gallery(), gallery, "--remove=" + name);

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(People.names(gallery)).containsExactly("ben", "lea", "maya");
      if (!name.startsWith("-")) {
        People.enroll(gallery, name);
        assertThat(Run.of(Omote.of("gallery"), "gallery", gallery, "--remove", name).exitCode())
            .isZero();
        assertThat(People.names(gallery)).containsExactly("ben", "lea", "maya");
      }
    } finally {
      if (isFile) {
        Files.delete(file);
      }
    }
  }

  /** Persian has its own digits. */
  @Test
  void numbers_areTheSameInAllLanguages() throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa-IR"));
    try {
      assertThat(String.format("%d", 3)).isNotEqualTo("3");
      assertThat(Run.of(new Gallery(), gallery, "--json").out()).contains("\"samples\":3");
      assertThat(Run.of(new Gallery(), gallery, "--export", export).out())
          .contains("3 samples exported", "3 samples of 3 people");
      assertThat(Files.readString(export)).matches("\\p{ASCII}*");
    } finally {
      Locale.setDefault(before);
    }
  }
}
