// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.description.ErrorRate;
import io.omote.face.description.OperatingPoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatingPointFileTest {
  private static final ErrorRate FNMR = new ErrorRate(0.02, 0.01, 0.03, 1000);

  private final OperatingPoint loose = point(0.3, new ErrorRate(1e-3, 9e-4, 2e-3, 100_000));
  private final OperatingPoint noErrors = point(0.5, new ErrorRate(0, 0, 4e-5, 100_000));
  private final OperatingPoint published = point(0.6, ErrorRate.published(1e-6));

  private static OperatingPoint point(double threshold, ErrorRate fmr) {
    return new OperatingPoint("m:1", threshold, fmr, FNMR, "some images");
  }

  @Test
  void read_ofWhatWasWritten_isEqual(@TempDir Path folder) {
    for (OperatingPoint point : List.of(loose, noErrors, published)) {
      Path file = folder.resolve(point.threshold() + ".json");
      OperatingPointFile.write(point, file);
      assertThat(OperatingPointFile.read(file)).isEqualTo(point);
    }
  }

  @Test
  void write_whereThereIsAFile_leavesIt(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("point.json"), "another");
    assertThatThrownBy(() -> OperatingPointFile.write(loose, file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file + " already exists");
    assertThat(file).hasContent("another");
  }

  /** As on a full disk: the system does not write any byte of a file. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void write_thatFails_leavesNothing(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("point.json");
    Process process =
        new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -f 0; exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Writing.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).startsWith("the operating point could not be written to " + file);
    assertThat(file).doesNotExist();
  }

  /** Writes a point, or prints why it could not. */
  static final class Writing {
    private Writing() {}

    public static void main(String[] args) {
      try {
        OperatingPointFile.write(point(0.5, FNMR), Path.of(args[0]));
      } catch (ModelException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no json",
        "[]",
        "{}",
        "{\"format\": \"omote-operating-point-2\"}",
        "{\"format\": {}}",
        "{\"format\": \"omote-operating-point-1\", \"modelId\": \"m\"}",
        "{\"format\": \"omote-operating-point-1\", \"modelId\": \"m\", \"threshold\": \"x\"}",
        "{\"format\": \"omote-operating-point-1\", \"modelId\": \"m\", \"threshold\": 0.5,"
            + " \"fmr\": 1}",
        "{\"format\": \"omote-operating-point-1\", \"modelId\": \"m\", \"threshold\": 2,"
            + " \"fmr\": {\"value\": 0, \"lower\": 0, \"upper\": 1, \"trials\": 0},"
            + " \"fnmr\": {\"value\": 0, \"lower\": 0, \"upper\": 1, \"trials\": 0},"
            + " \"dataSet\": \"d\"}"
      })
  void read_ofSomethingElse_namesTheFile(String content, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("other.json"), content);
    assertThatThrownBy(() -> OperatingPointFile.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("is not an operating point of format");
  }

  @Test
  void readAndWrite_whereThereIsNoFile_sayWhere(@TempDir Path folder) {
    Path file = folder.resolve("missing/point.json");
    assertThatThrownBy(() -> OperatingPointFile.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> OperatingPointFile.write(loose, file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void readAndWrite_inAClosedArchive_nameTheFile(@TempDir Path folder) throws IOException {
    URI zip = URI.create("jar:" + folder.resolve("points.zip").toUri());
    Path file;
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      file = archive.getPath("point.json");
      OperatingPointFile.write(loose, file);
      assertThat(OperatingPointFile.read(file)).isEqualTo(loose);
    }
    assertThatThrownBy(() -> OperatingPointFile.read(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("point.json", "ClosedFileSystemException", "check the path");
    assertThatThrownBy(() -> OperatingPointFile.write(loose, file))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("point.json", "ClosedFileSystemException");
  }

  /** The file system of an archive closes its file if a reader is interrupted. */
  @Test
  void read_inAnArchive_onAnInterruptedThread(@TempDir Path folder) throws IOException {
    URI zip = URI.create("jar:" + folder.resolve("points.zip").toUri());
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      OperatingPointFile.write(loose, archive.getPath("point.json"));
    }
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of())) {
      Path file = archive.getPath("point.json");
      Thread.currentThread().interrupt();
      try {
        assertThatThrownBy(() -> OperatingPointFile.read(file))
            .isInstanceOf(InterruptedCallException.class);
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }
}
