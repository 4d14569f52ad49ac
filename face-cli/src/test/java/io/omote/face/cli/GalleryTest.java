// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceGallery;
import io.omote.face.gallery.LuceneGallery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

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
    assertThat(line.getAsJsonObject("gallery").get("samples").getAsInt()).isEqualTo(2);
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

  private Run importFrom(Path source, Object... options) {
    Object[] words = {folder.resolve("other"), "--import", source};
    return Run.of(
        new Gallery(),
        Stream.concat(Arrays.stream(words), Arrays.stream(options)).toArray(Object[]::new));
  }

  private static List<String> sorted(Path export) throws IOException {
    return Files.readAllLines(export).stream().sorted().toList();
  }

  private Path exported() {
    Run run = Run.of(new Gallery(), gallery, "--export", export);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return export;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void imports_areEqualToTheBit(boolean isFile) throws IOException {
    People.enroll(gallery, "Zoë", "張偉", "\"quoted\"");
    exported();

    Run run = importFrom(isFile ? export : gallery);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "6 samples imported from " + (isFile ? export : gallery),
            "model lite (fr_feature:87aacdfe5751), 6 samples of 6 people");
    Path again = export.resolveSibling("again.jsonl");
    Run.of(new Gallery(), folder.resolve("other"), "--export", again);
    assertThat(sorted(again)).isEqualTo(sorted(export));

    People.enroll(gallery, "new");
    assertThat(importFrom(gallery).out())
        .contains("1 sample imported from " + gallery + ", 6 already there");
    assertThat(importFrom(gallery, "--json").out())
        .isEqualToIgnoringNewLines(
            "{\"version\":1,\"modelId\":\"fr_feature:87aacdfe5751\",\"gallery\":{\"samples\":7,\"persons\":7},\"imported\":0,\"repeated\":7}");
  }

  @Test
  void importOfOlderExports_needsNoVersion() throws IOException {
    Files.writeString(
        exported(),
        "\uFEFF"
            + Files.readString(export)
                .replace("\"version\":1,", "")
                .replace("\"modelId\"", "\"model\"")
                .replace("\n", "\r\n"));

    assertThat(importFrom(export).out()).startsWith("3 samples imported");
  }

  @Test
  void importOfAnInvalidLine_writesNothing() throws IOException {
    List<String> lines = Files.readAllLines(exported());
    String last = lines.get(2);
    for (String wrong :
        List.of(
            "a text",
            "[]",
            "{}",
            last.substring(0, 900),
            last.replace("\"version\":1", "\"version\":2"),
            last.replace("\"embedding\":\"T01", "\"embedding\":\"T02"),
            last.replaceAll("\"embedding\":\"....", "\"embedding\":\"*"),
            last.replace("87aacdfe5751\"", "000000000000\""),
            last.replaceAll("\"person\":\"\\w+\"", "\"person\":\" \""),
            last.replaceAll("\"person\":\"\\w+\"", "\"person\":{}"),
            last.replaceAll("\"sample\":\"1.jpg\"", "\"sample\":null"))) {
      Files.write(export, List.of(lines.get(0), lines.get(1), wrong));

      Run run = importFrom(export);

      assertThat(run.exitCode()).as(wrong).isOne();
      assertThat(run.err())
          .startsWith(export + ", line 3: expected a sample as omote gallery --export writes it")
          .hasLineCount(1)
          .doesNotContain("Exception");
      assertThat(folder.resolve("other")).doesNotExist();
    }
  }

  @Test
  void importOfAnotherModel_writesNothing() throws IOException {
    FaceEmbedding face = FaceEmbedding.ofRaw("other:0123456789ab", new float[] {1, 2, 3});
    try (FaceGallery others = LuceneGallery.open(folder.resolve("others"), face.modelId())) {
      others.enroll("ada", "1.jpg", face);
    }

    Run run = Run.of(new Gallery(), gallery, "--import", folder.resolve("others"));

    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .contains(
            "expected embeddings of the model lite (fr_feature:87aacdfe5751), found one of other:")
        .hasLineCount(1);
    assertThat(People.names(gallery)).hasSize(3);

    Run.of(new Gallery(), folder.resolve("others"), "--export", export);
    List<String> two = new ArrayList<>(Files.readAllLines(export));
    Path all = export.resolveSibling("both.jsonl");
    Run.of(new Gallery(), gallery, "--export", all);
    two.addAll(Files.readAllLines(all));
    Files.write(all, two);
    assertThat(importFrom(all).err()).startsWith("nothing was imported: expected embeddings of");
    assertThat(folder.resolve("other")).doesNotExist();
  }

  @Test
  void importOfContradictions_writesNothing() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(exported()));
    lines.replaceAll(line -> line.replace("\"person\":\"lea\"", "\"person\":\"ben\""));
    lines.addAll(lines);
    Files.write(export, lines);

    Run run = importFrom(export);
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).startsWith("nothing was imported: ").contains("(ben, 1.jpg");
    assertThat(folder.resolve("other")).doesNotExist();

    Run.of(new Gallery(), gallery, "--remove", "ben");
    Files.write(export, List.of(line("maya", 1), line("new", 2)));
    Run known = Run.of(new Gallery(), gallery, "--import", export);
    assertThat(known.err())
        .contains(
            "1 sample is with another embedding in the gallery or in what is imported (maya,");
    assertThat(People.names(gallery)).containsExactly("lea", "maya");
  }

  private static String line(String person, int seed) {
    FaceEmbedding face = People.face(seed);
    return String.format(
        Locale.ROOT,
        "{\"person\":\"%s\",\"sample\":\"1.jpg\",\"model\":\"%s\",\"embedding\":\"%s\"}",
        person,
        face.modelId(),
        Base64.getEncoder().encodeToString(face.toBytes()));
  }

  @Test
  void importsThatCannotBe_areRefused() throws IOException {
    Path missing = folder.resolve("missing");
    assertThat(importFrom(missing).err())
        .endsWith("found nothing: " + missing + System.lineSeparator());
    assertThat(importFrom(folder).err()).contains("there is no gallery at " + folder);
    assertThat(importFrom(Files.createFile(missing)).err())
        .isEqualToIgnoringNewLines("expected samples to import, found none");
    assertThat(importFrom(gallery, "--remove", "maya").exitCode()).isEqualTo(2);
    assertThat(importFrom(gallery, "--export", export).exitCode()).isEqualTo(2);
    assertThat(folder.resolve("other")).doesNotExist();
    Run itself = Run.of(new Gallery(), gallery, "--import", gallery.resolve("../gallery"));
    assertThat(itself.exitCode()).isEqualTo(2);
    assertThat(itself.err()).startsWith("expected samples of another gallery, found this");
    Run others = Run.of(new Gallery(), folder, "--import", gallery);
    assertThat(others.exitCode()).isOne();
    assertThat(others.err()).hasLineCount(1);
    assertThat(exports()).isEmpty();
  }

  @Test
  void importThatEndsEarly_saysWhatIsThere_andIsRepeated() throws IOException {
    List<String> many = IntStream.range(0, 2100).mapToObj(i -> line("p" + i, i)).toList();
    Files.write(export, many);
    Path other = folder.resolve("other");
    GalleryArgument address = new GalleryArgument();
    new CommandLine(address).parseArgs(other.toString());
    AtomicInteger read = new AtomicInteger();
    Samples samples = Samples.in(export);
    Samples failing =
        action ->
            samples.forEach(
                entry -> {
                  action.accept(entry);
                  if (read.incrementAndGet() == 2 * 2100 - 50) {
                    Thread.currentThread().interrupt();
                  }
                });

    assertThatThrownBy(() -> new GalleryImport(failing, address).run())
        .isInstanceOf(FaceException.class)
        .hasMessageStartingWith(
            "ended early: 2000 of 2100 samples are in the gallery, run the same command again for the rest: ");
    Thread.interrupted();
    assertThat(People.names(other)).hasSize(2000);
    assertThat(importFrom(export).out())
        .contains("100 samples imported from " + export + ", 2000 already there");
    assertThat(People.names(other)).hasSize(2100);
  }
}
