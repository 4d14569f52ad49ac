// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** No face is ever written to a file that the user did not ask for, even temporarily. */
@EnabledOnOs(OS.LINUX) // where the system reports each file, also one that is gone at once
class FacesOnDiskTest {
  /** The files to which ONNX Runtime, OpenCV and JLine unpack their native libraries. */
  static final Pattern OF_LIBRARIES =
      Pattern.compile(
          "onnxruntime-java\\d+|opencv_openpnp\\d+"
              + "|jlinenative-[\\d.]+-[0-9a-f]+-libjlinenative\\.so(\\.lck)?");

  @TempDir private Path temporary;
  @TempDir private Path folder;

  @Test
  void commands_createNoTemporaryFile() throws Exception {
    Path people = folder.resolve("people");
    for (int i = 1; i < 3; i++) {
      Images.astronaut(people.resolve("collins/" + i + ".jpg"), 300 + i);
      Images.admiral(people.resolve("hopper/" + i + ".png"), 300 + i);
    }
    Files.copy(Path.of("../samples/astronaut.png"), people.resolve("collins/3.png"));
    // For OpenCV: a file of one pixel, made by cwebp.
    Files.write(
        folder.resolve("pixel.webp"),
        Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="));
    Path log = folder.resolve("log");
    try (CreatedFiles created = new CreatedFiles(temporary)) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djava.io.tmpdir=" + temporary,
                  "-cp",
                  System.getProperty("java.class.path"),
                  AllCommands.class.getName(),
                  folder.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("it ends").isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();

      assertThat(created.names())
          .anyMatch(name -> name.startsWith("opencv")) // so that something is seen at all
          .allMatch(OF_LIBRARIES.asMatchPredicate());
    }
    assertThat(folder.resolve("sheet/faces")).isNotEmptyDirectory();
  }

  /** The output folder never contains anything but the requested files. */
  @Test
  void results_haveTheirNamesFromTheBeginning() throws IOException, InterruptedException {
    Path one = Images.astronaut(folder.resolve("in/a.jpg"), 300);
    Path other = Images.admiral(folder.resolve("in/b.png"), 300);
    Path output = Files.createDirectory(folder.resolve("out"));
    try (CreatedFiles created = new CreatedFiles(output)) {
      assertThat(Run.of(new Blur(), one, other, "--output", output).exitCode()).isZero();
      assertThat(Run.of(new Detect(), one, "--drawings", output).exitCode()).isZero();
      assertThat(Run.of(new Albums(), folder.resolve("in"), "--sheet", output).exitCode()).isZero();
      assertThat(created.names())
          .isEqualTo(Set.of("a.jpg", "b.png", "a.jpg.png", "faces", "index.html"));
    }
  }
}
