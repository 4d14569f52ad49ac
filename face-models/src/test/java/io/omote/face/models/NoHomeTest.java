// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A user that the system does not know, as in many containers. */
@Timeout(600)
class NoHomeTest {
  @TempDir Path temp;

  @Test
  void packs_withoutHome_failOnlyWhereAFolderIsNeeded() throws Exception {
    List<String> lines;
    try (ForkedJvm jvm = ForkedJvm.startWithoutHome(temp, NoHomeProcess.class)) {
      lines = jvm.outputAfterSuccess().lines().toList();
    }

    assertThat(lines)
        .contains(
            "list: lite true, lite-fast true, buffalo_l false, buffalo_m false, buffalo_s false,"
                + " buffalo_sc false, antelopev2 false, auraface false, opencv false, minifasnet"
                + " false, ediffiqa false",
            "lite works",
            "accepted: false, found: [MISSING]");
    for (String call : List.of("fetch", "models", "directory")) {
      assertThat(lines)
          .filteredOn(line -> line.startsWith(call + ": "))
          .singleElement()
          .asString()
          .startsWith(call + ": ModelException: there is no folder for packs")
          .contains("-Domote.models.directory=", "OMOTE_MODELS_DIRECTORY or HOME");
    }
    assertThat(lines)
        .filteredOn(line -> line.startsWith("DJL: [lite, lite-fast, buffalo_l"))
        .hasSize(1);
    try (Stream<Path> files = Files.list(temp)) {
      assertThat(files).as("what was written").hasSize(1);
    }
  }
}
