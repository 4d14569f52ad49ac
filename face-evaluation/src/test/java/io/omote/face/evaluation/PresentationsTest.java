// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PresentationsTest {
  @TempDir private Path folder;

  private Path write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  @Test
  void read_sortsAttacksByTheirFolders() throws IOException {
    Path live = write("live/1.jpg", "a");
    Path deep = write("live/ann/2.jpg", "b");
    Path loose = write("attack/1.jpg", "c");
    Path print = write("attack/print/1.jpg", "d");
    Path mask = write("attack/mask/resin/1.jpg", "e");
    Presentations read = Presentations.read(folder);
    assertThat(read.live()).containsExactly(live, deep);
    assertThat(read.attacks())
        .isEqualTo(
            Map.of("attack", List.of(loose), "print", List.of(print), "mask", List.of(mask)));
    assertThat(read.count()).isEqualTo(5);
    assertThat(read.leftOut()).isEmpty();
    assertThat(read.notes()).isEmpty();
  }

  @Test
  void read_ofEqualImages_countsThemOnceOrNotAtAll() throws IOException {
    Path live = write("live/1.jpg", "a");
    write("live/copy.jpg", "a");
    write("live/2.jpg", "b");
    write("attack/print/2.jpg", "b");
    Path print = write("attack/print/3.jpg", "c");
    write("attack/print/4.jpg", "d");
    write("attack/screen/4.jpg", "d");
    Files.createSymbolicLink(folder.resolve("attack/live"), folder.resolve("live"));
    Presentations read = Presentations.read(folder);
    assertThat(read.live()).containsExactly(live);
    assertThat(read.attacks()).isEqualTo(Map.of("print", List.of(print)));
    assertThat(read.leftOut())
        .hasSize(4)
        .anyMatch(text -> text.contains("live/2.jpg: "))
        .anyMatch(text -> text.contains("attack/screen/4.jpg: "));
    assertThat(read.notes())
        .containsExactly(
            "1 repeated image counted once.",
            "4 images left out, because equal images are in folders that contradict each other.",
            "1 other item not taken: 1 x file or folder that another path has led to.");
    assertThat(read.examples()).hasSize(3).first().asString().contains("copy.jpg, as ");
  }

  @Test
  void read_withoutAttacks_isRefused() throws IOException {
    write("live/1.jpg", "a");
    assertThatThrownBy(() -> Presentations.read(folder))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("found no attack");
  }
}
