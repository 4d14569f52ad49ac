// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.GeneratedModels;
import io.omote.face.SyntheticModels;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.engine.OnnxFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {
  @TempDir Path folder;

  private static String nameOf(ModelFile file) {
    return Networks.of(OnnxFile.graph(file)).map(Network::manifestName).orElse("");
  }

  @ParameterizedTest
  @CsvSource({
    "3, 192, 212, landmarks106",
    "3, 192, 3309, landmarks68",
    "1, 64, 136, landmarks68-2d",
    "3, 96, 3, age-and-sex",
    "3, 80, 3, liveness",
    "3, 96, 1, quality",
    "3, 112, 1, quality",
    "3, 112, 512, arcface",
    "3, 64, 1, ''",
    "1, 96, 3, ''"
  })
  void of_rows_isTheNetworkOfThatSignature(long planes, long side, int columns, String name)
      throws IOException {
    Path file =
        SyntheticModels.rows(
            folder.resolve("rows.onnx"),
            SyntheticModels.FREE,
            planes,
            side,
            false,
            new float[(int) planes * columns],
            new float[columns]);
    assertThat(nameOf(ModelFile.of(file))).isEqualTo(name);
  }

  @Test
  void of_detectors_isTheirNetwork() throws IOException {
    assertThat(nameOf(SyntheticModels.scrfdOfRed(folder, 64, 1, 1).file())).isEqualTo("scrfd");
    assertThat(nameOf(SyntheticModels.yuNetOfRed(folder, 64, 1, 1).file())).isEqualTo("yunet");
    for (boolean statesColumns : new boolean[] {true, false}) {
      assertThat(nameOf(SyntheticModels.retinaFaceOfRed(folder, 64, 1, 1, statesColumns).file()))
          .isEqualTo("retinaface");
    }
    assertThat(nameOf(SyntheticModels.ultraLight(folder, 1, new float[4], new float[136]).boxes()))
        .isEqualTo("ultralight");
    assertThat(nameOf(GeneratedModels.embedder(folder).file())).isEqualTo("arcface");
  }
}
