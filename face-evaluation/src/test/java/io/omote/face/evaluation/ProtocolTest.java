// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.evaluation.Protocol.Pair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {
  @TempDir private Path folder;

  private void touch(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  private Protocol read(String name, String content) throws IOException {
    return Protocol.read(Files.writeString(folder.resolve(name), content));
  }

  @Test
  void read_csv_namesEachImageOnce() throws IOException {
    touch("a 1.jpg", "b,1.png", "sub/c.jpg");
    Protocol protocol =
        read(
            "pairs.csv",
            "same,image1,image2\n1,a 1.jpg,\"b,1.png\"\n\nfalse,sub/c.jpg,a 1.jpg\nTrue,a 1.jpg,a"
                + " 1.jpg\n");
    assertThat(protocol.images()).containsExactly("a 1.jpg", "b,1.png", "sub/c.jpg");
    assertThat(protocol.pairs())
        .containsExactly(
            new Pair(0, 1, true, 0), new Pair(2, 0, false, 0), new Pair(0, 0, true, 0));
    assertThat(protocol.size()).isEqualTo(3);
    assertThat(protocol.folds()).isEqualTo(1);
  }

  /** As spreadsheets and some editors write it. */
  @Test
  void read_behindAByteOrderMark() throws IOException {
    touch("a.jpg", "b.jpg", "Ann/Ann_0001.jpg", "Ann/Ann_0002.jpg", "Bob/Bob_0001.jpg");
    assertThat(read("pairs.csv", "\ufeffimage1,image2,same\r\na.jpg,b.jpg,1\r\n").size())
        .isEqualTo(1);
    assertThat(read("pairs.txt", "\ufeff1\nAnn\t1\t2\nAnn\t1\tBob\t1\n").size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "image1,image2\na,b",
        "image1,image2,same\na,b,2",
        "image1,image2,same\na,b",
        "image1,image2,same\n\"a,b,1"
      })
  void read_csvOfAnotherForm_isRefused(String content) {
    assertThatThrownBy(() -> read("pairs.csv", content))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("pairs.csv");
  }

  @Test
  void read_lfwWithFolds_followsItsNames() throws IOException {
    touch("Ann/Ann_0001.jpg", "Ann/Ann_0012.jpg", "Bob_C/Bob_C_0001.jpg", "Bob_C/Bob_C_0002.jpg");
    Protocol protocol =
        read("pairs.txt", "2\t1\nAnn\t1\t12\nAnn\t1\tBob_C\t2\nBob_C\t1\t2\nBob_C\t1\tAnn\t12\n");
    assertThat(protocol.folds()).isEqualTo(2);
    assertThat(protocol.images())
        .containsExactly(
            "Ann/Ann_0001.jpg", "Ann/Ann_0012.jpg", "Bob_C/Bob_C_0002.jpg", "Bob_C/Bob_C_0001.jpg");
    assertThat(protocol.pairs())
        .containsExactly(
            new Pair(0, 1, true, 0),
            new Pair(0, 2, false, 0),
            new Pair(3, 2, true, 1),
            new Pair(3, 1, false, 1));
  }

  @Test
  void read_lfwDevelopmentFile_hasOneFold() throws IOException {
    touch("Ann/Ann_0001.jpg", "Ann/Ann_0002.jpg", "Bob/Bob_0001.jpg");
    Protocol protocol = read("pairsDevTest.txt", "1\r\nAnn\t1\t2\r\nAnn\t2\tBob\t1\r\n");
    assertThat(protocol.folds()).isEqualTo(1);
    assertThat(protocol.pairs()).containsExactly(new Pair(0, 1, true, 0), new Pair(1, 2, false, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x\n",
        "1 2 3\n",
        "2\t1\nAnn\t1\t2\nAnn\t1\tBob\t1\n",
        "1\nAnn\t1\tBob\t2\nAnn\t1\t2\n",
        "1\nAnn\t1\tx\nAnn\t1\tBob\t1\n",
        "-1 5\n",
        "2 -1\n",
        "1\nAnn\t1\t2\nAnn\t1\tBob\t1\nAnn\t1\t2\n"
      })
  void read_lfwOfAnotherForm_namesTheLine(String content) {
    assertThatThrownBy(() -> read("pairs.txt", content))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("pairs.txt")
        .hasMessageMatching("(?s).* in line \\d .*");
  }

  @Test
  void read_folderPerPerson_comparesEachPairOnce() throws IOException {
    touch("ann/1.jpg", "ann/2.PNG", "ann/notes.txt", "bob/1.jpeg", "empty/.keep", "loose.jpg");
    Protocol protocol = Protocol.read(folder);
    assertThat(protocol.images()).containsExactly("ann/1.jpg", "ann/2.PNG", "bob/1.jpeg");
    assertThat(protocol.pairs())
        .containsExactly(
            new Pair(0, 1, true, 0), new Pair(0, 2, false, 0), new Pair(1, 2, false, 0));
    assertThat(protocol.size()).isEqualTo(3);
    assertThat(protocol.people()).containsExactly("ann", "ann", "bob");
    assertThat(protocol.name()).isEqualTo(folder.getFileName().toString());
  }

  @Test
  void read_folderWithoutPeople_isRefused() throws IOException {
    touch("loose.jpg");
    assertThatThrownBy(() -> Protocol.read(folder))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("a folder for each person");
  }

  @Test
  void read_whereAnImageIsMissing_saysHowManyAndWhatToDo() throws IOException {
    touch("a.jpg");
    assertThatThrownBy(() -> read("pairs.csv", "image1,image2,same\na.jpg,b.jpg,1\nc.jpg,a.jpg,0"))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("expected all 3 images")
        .hasMessageContaining("2 are missing, first b.jpg")
        .hasMessageContaining("--images");
  }

  @Test
  void read_withAFolderOfImages_resolvesThere() throws IOException {
    touch("images/a.jpg", "images/b.jpg");
    Path pairs =
        Files.writeString(folder.resolve("pairs.csv"), "image1,image2,same\na.jpg,b.jpg,1\n");
    Protocol protocol = Protocol.read(pairs, folder.resolve("images"));
    assertThat(protocol.path(1)).isEqualTo(folder.resolve("images/b.jpg"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pairs.csv", "pairs.txt"})
  void read_ofAnotherEncoding_saysSo(String name) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(name),
            "image1,image2,same\nGr\u00f6\u00dfe.jpg,b.jpg,1\n",
            StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> Protocol.read(file))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContainingAll(name, "UTF-8");
  }

  @Test
  void name_ofADrive_isItsPath() {
    Path root = folder.getRoot();
    assertThat(Protocol.name(root)).isEqualTo(root.toString());
    assertThat(Protocol.name(folder.resolve("a/../b/."))).isEqualTo("b");
  }

  @Test
  void read_ofNothing_saysWhere() {
    assertThatThrownBy(() -> Protocol.read(folder.resolve("none.csv")))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("none.csv");
  }
}
