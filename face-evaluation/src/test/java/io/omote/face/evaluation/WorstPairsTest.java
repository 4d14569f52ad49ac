// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.InterruptedCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorstPairsTest {
  @TempDir private Path folder;
  private Protocol protocol;

  @BeforeEach
  void makeImages() throws IOException {
    for (int i = 0; i < 30; i++) {
      Path file = folder.resolve("set/p%02d/1.jpg".formatted(i));
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
    protocol = Protocol.read(folder.resolve("set"));
  }

  @Test
  void build_hasTheLowestMatedAndTheHighestNonMated() {
    WorstPairs.Collector collector = new WorstPairs.Collector();
    // In an order that is neither ascending nor descending; each comes twice.
    IntStream.range(0, 58)
        .map(i -> i * 7 % 29)
        .forEach(
            i -> {
              collector.add(true, 0, i + 1, i / 100.0);
              collector.add(false, i + 1, 0, i / 100.0);
            });
    WorstPairs worst = collector.build(protocol, null);
    assertThat(worst.mated())
        .extracting(WorstPairs.Entry::similarity)
        .containsExactly(0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09);
    assertThat(worst.nonMated())
        .extracting(WorstPairs.Entry::similarity)
        .containsExactly(0.28, 0.27, 0.26, 0.25, 0.24, 0.23, 0.22, 0.21, 0.2, 0.19);
    assertThat(worst.nonMated().get(0).first().name()).isEqualTo("p29/1.jpg");
    assertThat(worst.hasCrops()).isFalse();
  }

  @Test
  void build_withCrops_showsThemOrWhatIsWrong() {
    WorstPairs.Collector collector = new WorstPairs.Collector();
    collector.add(true, 0, 1, 0.5);
    collector.add(true, 2, 3, 0.6);
    WorstPairs worst =
        collector.build(
            protocol,
            file -> {
              if (file.getParent().endsWith("p00")) {
                return Optional.of(FaceImage.ofBgr(new byte[3 * 8 * 8], 8, 8));
              }
              if (file.getParent().endsWith("p01")) {
                throw new FaceException("for a test");
              }
              return Optional.empty();
            });
    WorstPairs.Entry first = worst.mated().get(0);
    assertThat(first.first().crop().uri()).startsWith("data:image/jpeg;base64,/9j/");
    assertThat(first.second().crop()).isEqualTo(new FaceCrop("", "for a test"));
    assertThat(worst.mated().get(1).first().crop())
        .isEqualTo(new FaceCrop("", "no face was found"));
    assertThat(worst.hasCrops()).isTrue();
  }

  @Test
  void build_whenInterrupted_ends() {
    WorstPairs.Collector collector = new WorstPairs.Collector();
    collector.add(true, 0, 1, 0.5);
    assertThatThrownBy(
            () ->
                collector.build(
                    protocol,
                    file -> {
                      throw new InterruptedCallException("for a test", null);
                    }))
        .isInstanceOf(InterruptedCallException.class);
  }
}
