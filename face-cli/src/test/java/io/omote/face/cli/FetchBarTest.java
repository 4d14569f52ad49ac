// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.models.FetchProgress;
import io.omote.face.models.FetchProgress.Phase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FetchBarTest {
  @Test
  void accept_showsPhaseFileAndBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (FetchBar bar = new FetchBar(new PrintStream(bytes, true, StandardCharsets.UTF_8))) {
      bar.accept(new FetchProgress("p", "a.onnx", Phase.DOWNLOADING, 1_000_000, 4_000_000));
      bar.accept(new FetchProgress("p", "a.onnx", Phase.DONE, 4_000_000, 4_000_000));
      bar.accept(new FetchProgress("p", "b.onnx", Phase.EXTRACTING, 0, 2_000_000));
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("downloading a.onnx", "4/4 MB", "extracting b.onnx", "0/2 MB");
  }
}
