// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFolderTest {
  private static final OutputFolder.Contents CONTENTS =
      new OutputFolder.Contents("lite:123", "models=lite", FaceColumns.SCHEMA);

  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static OutputFolder.Contents lock(OutputFolder output, OutputFolder.Contents contents) {
    return output.lock(contents, JobLock.Timing.DEFAULT, () -> {}, line -> {});
  }

  private static void make(Path output) {
    try (OutputFolder made = OutputFolder.of(spark, output.toString())) {
      lock(made, CONTENTS);
    }
  }

  private static List<String> tree(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(file -> folder.relativize(file).toString()).sorted().toList();
    }
  }

  @Test
  void lock_marksANewFolder_andKeepsOthersOut() throws Exception {
    Path target = folder.resolve("faces");
    try (OutputFolder output = OutputFolder.of(spark, target.toString())) {
      assertThat(target).doesNotExist();
      assertThat(lock(output, CONTENTS)).isEqualTo(CONTENTS);
      assertThat(target.resolve("_omote/lock")).exists();
      output.requireLocked();
    }
    assertThat(tree(target)).containsExactly("", "_omote", "_omote/output.properties");

    try (OutputFolder again = OutputFolder.of(spark, target.toString())) {
      assertThat(lock(again, null)).isEqualTo(CONTENTS);
    }
  }

  /** Hadoop's local file system would return false only. */
  @Test
  void folderThatCannotBeMade_isReported() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));
    OutputFolder output = OutputFolder.of(spark, link.toString());

    assertThatThrownBy(() -> lock(output, CONTENTS))
        .isInstanceOf(FaceException.class)
        .hasMessageEndingWith("expected a folder, found a file or a link to nothing");
  }

  /** Hadoop says that it does not exist, as it does if access is denied. */
  @Test
  void markerThatCannotBeRead_isNotMissing() throws Exception {
    Path target = folder.resolve("faces");
    Files.createDirectories(target.resolve("_omote/output.properties"));

    assertThatThrownBy(() -> OutputFolder.of(spark, target.toString()))
        .isInstanceOf(FaceException.class)
        .hasMessageEndingWith("is not accessible: it is a folder");
  }

  @Test
  void emptyMarker_isDamaged() throws Exception {
    Path target = folder.resolve("faces");
    make(target);
    Files.write(target.resolve("_omote/output.properties"), new byte[0]);

    assertThatThrownBy(() -> OutputFolder.of(spark, target.toString()))
        .isInstanceOf(FaceException.class)
        .hasMessageContaining("found a damaged");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"faces.parquet", "_SUCCESS", "_temporary/0/x", "notes", ".hidden", "_omote"})
  void foreignFolder_isRefusedAndUntouched(String file) throws Exception {
    Path foreign = folder.resolve("foreign");
    Files.createDirectories(foreign.resolve(file).getParent());
    Files.writeString(foreign.resolve(file), "mine");
    List<String> before = tree(foreign);

    assertThatThrownBy(() -> OutputFolder.of(spark, foreign.toString()))
        .isInstanceOf(FaceException.class)
        .hasMessageStartingWith("expected a new or empty folder, or the output of a job, found 1");

    assertThat(tree(foreign)).isEqualTo(before);
  }

  @Test
  void file_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("faces"), "mine");

    assertThatThrownBy(() -> OutputFolder.of(spark, file.toString()))
        .isInstanceOf(FaceException.class)
        .hasMessage("expected a folder for the output, found the file file:%s", file);
    assertThat(file).hasContent("mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nosuchscheme:///x", "a:b", "file://host/x"})
  void invalidPath_isRefused(String name) {
    assertThatThrownBy(() -> OutputFolder.of(spark, name))
        .isInstanceOf(FaceException.class)
        .hasMessageStartingWith("the output %s is not accessible: ", name);
  }

  @Test
  void otherContents_areRefused() {
    Path target = folder.resolve("faces");
    make(target);
    for (OutputFolder.Contents other :
        List.of(
            new OutputFolder.Contents("lite:456", "models=lite", FaceColumns.SCHEMA),
            new OutputFolder.Contents("lite:123", "models=other", FaceColumns.SCHEMA),
            new OutputFolder.Contents(
                "lite:123", "models=lite", FaceColumns.SCHEMA.add("own", "string")))) {
      OutputFolder output = OutputFolder.of(spark, target.toString());
      assertThatThrownBy(() -> lock(output, other))
          .isInstanceOf(FaceException.class)
          .hasMessageMatching(
              "expected output of the (model lite:456|settings models=other|columns .*own), found"
                  + " output of .* in file:.*: choose another folder, or the same .*");
      assertThat(target.resolve("_omote/lock")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "version=2\n", "version=1\n", "version=1\nrows=x\n", "version=\\u12"})
  void damagedMarker_isRefused(String text) throws Exception {
    Path target = folder.resolve("faces");
    make(target);
    Files.writeString(target.resolve("_omote/output.properties"), text);

    assertThatThrownBy(() -> OutputFolder.of(spark, target.toString()))
        .isInstanceOf(FaceException.class)
        .hasMessageMatching(
            "expected output of version 1, found version '2?' in .*|expected a readable marker of"
                + " the output, found a damaged .*");
  }

  @Test
  void leftoversOfAKilledJob_areRemovedUnderTheLock() throws Exception {
    Path target = folder.resolve("faces");
    make(target);
    Files.createDirectories(target.resolve("_temporary/0"));

    OutputFolder output = OutputFolder.of(spark, target.toString());
    assertThat(target.resolve("_temporary")).exists();
    lock(output, CONTENTS);
    output.close();

    assertThat(target.resolve("_temporary")).doesNotExist();
  }

  /** Another job may write while this one waits for the lock. */
  @Test
  void whatAppearsDuringTheWait_isRefused() throws Exception {
    make(folder.resolve("other"));
    Path marker = Path.of("_omote/output.properties");
    OutputFolder.Contents contents =
        new OutputFolder.Contents("lite:456", "models=lite", FaceColumns.SCHEMA);

    assertThatThrownBy(
            () ->
                lockAfter(
                    "marked",
                    contents,
                    target ->
                        Files.copy(
                            folder.resolve("other").resolve(marker), target.resolve(marker))))
        .hasMessageStartingWith("expected output of the model lite:456, found output of lite:123");
    assertThatThrownBy(
            () ->
                lockAfter(
                    "foreign",
                    contents,
                    target -> Files.writeString(target.resolve("notes"), "mine")))
        .hasMessageStartingWith("expected a new or empty folder");
    assertThat(folder.resolve("foreign").resolve(marker)).doesNotExist();
  }

  /** Something that another job does. */
  private interface Work {
    void run(Path target) throws IOException;
  }

  /** Waits for the lock of a killed job, and does something in between. */
  private void lockAfter(String name, OutputFolder.Contents contents, Work work)
      throws IOException {
    Path target = folder.resolve(name);
    Files.createDirectories(target.resolve("_omote"));
    Files.writeString(target.resolve("_omote/lock"), "machine=another\n");
    JobLock.Timing timing = new JobLock.Timing(Duration.ofMillis(50), Duration.ofMillis(200));
    try (OutputFolder output = OutputFolder.of(spark, target.toString())) {
      output.lock(
          contents,
          timing,
          () -> {},
          line -> {
            try {
              work.run(target);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  @Test
  void overlaps_areRefused() throws Exception {
    Path images = Files.createDirectories(folder.resolve("images/people"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("images"));
    String[][] overlaps = {
      {images.toString(), images.toString()},
      {images.toString(), "file://" + images + "/../people/"},
      {images.toString(), images.resolve("a/b/faces").toString()},
      {images.toString(), images.toString() + "/.."},
      {link.toString(), images.resolve("faces").toString()},
      {images.toString(), link.resolve("people/faces").toString()},
      {"/", folder.resolve("faces").toString()},
    };
    for (String[] overlap : overlaps) {
      assertThatThrownBy(() -> new Overlap(overlap[1]).output.requireApartFrom(List.of(overlap[0])))
          .as(String.join(" ", overlap))
          .isInstanceOf(FaceException.class)
          .hasMessageContaining("expected");
    }
    assertThat(tree(folder.resolve("images"))).containsExactly("", "people");

    for (String apart : new String[] {"faces", "images2", "images/people2", "images/peopl"}) {
      OutputFolder.of(spark, folder.resolve(apart).toString())
          .requireApartFrom(List.of(images.toString()));
    }
  }

  /** An output that is refused only for its place. */
  private record Overlap(OutputFolder output) {
    Overlap(String name) {
      this(OutputFolder.of(spark, name));
    }
  }
}
