// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.omote.face.InterruptedCallException;
import io.omote.face.evaluation.Protocol.Pair;
import io.omote.face.internal.files.ImageWalk;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolTest {
  @TempDir private Path folder;

  private void touch(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name); // images of different content
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
            "same,image1,image2\n1,a 1.jpg,\"b,1.png\"\n\n0,sub/c.jpg,a 1.jpg\n1,\"b,1.png\",sub/c.jpg\n");
    assertThat(protocol.images()).containsExactly("a 1.jpg", "b,1.png", "sub/c.jpg");
    assertThat(protocol.pairs())
        .containsExactly(
            new Pair(0, 1, true, 0), new Pair(2, 0, false, 0), new Pair(1, 2, true, 0));
    assertThat(protocol.notes()).isEmpty();
    assertThat(protocol.size()).isEqualTo(3);
    assertThat(protocol.folds()).isEqualTo(1);
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

  @Test
  void name_ofADrive_isItsPath() {
    Path root = folder.getRoot();
    assertThat(Protocol.name(root)).isEqualTo(root.toString());
    assertThat(Protocol.name(folder.resolve("a/../b/."))).isEqualTo("b");
  }

  @Test
  void read_lfwWithRepeatedPairs_countsTheFirst() throws IOException {
    touch("Ann/Ann_0001.jpg", "Ann/Ann_0002.jpg", "Ann/Ann_0003.jpg");
    touch("Bob/Bob_0001.jpg", "Bob/Bob_0002.jpg");
    Protocol protocol =
        read(
            "pairs.txt",
            "2 2\nAnn 1 2\nAnn 2 1\nAnn 1 Bob 1\nAnn 1 Bob 2\n"
                + "Ann 2 3\nAnn 1 2\nAnn 2 Bob 1\nBob 1 Ann 1\n");
    assertThat(protocol.pairs())
        .extracting(Pair::fold, Pair::mated)
        .containsExactly(
            tuple(0, true), tuple(0, false), tuple(0, false), tuple(1, true), tuple(1, false));
    assertThat(protocol.notes()).containsExactly("3 repeated comparisons counted once.");

    assertThatThrownBy(() -> read("pairs.txt", "2 1\nAnn 1 2\nAnn 1 Bob 1\nAnn 2 1\nAnn 1 Bob 1\n"))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("expected a comparison of two images in fold 2");
  }

  /** As equal images of LFW itself that are in the folders of two people. */
  @Test
  void read_folderPerPerson_countsEqualImagesOnceAndContradictionsNotAtAll() throws IOException {
    touch("ann/1.jpg", "ann/2.jpg", "bob/1.jpg", "bob/2.jpg", "cid/1.jpg");
    Files.copy(folder.resolve("ann/1.jpg"), folder.resolve("ann/copy.jpg"));
    Files.createLink(folder.resolve("ann/hard.jpg"), folder.resolve("ann/2.jpg"));
    Files.copy(folder.resolve("bob/2.jpg"), folder.resolve("cid/2.jpg"));
    Files.copy(folder.resolve("bob/2.jpg"), folder.resolve("cid/3.jpg"));
    // Nothing is known of what they show.
    Files.createFile(folder.resolve("ann/empty.jpg"));
    Files.createFile(folder.resolve("bob/empty.jpg"));

    Protocol protocol = Protocol.read(folder);

    assertThat(protocol.images())
        .containsExactly(
            "ann/1.jpg", "ann/2.jpg", "ann/empty.jpg", "bob/1.jpg", "bob/empty.jpg", "cid/1.jpg");
    assertThat(protocol.people()).containsExactly("ann", "ann", "ann", "bob", "bob", "cid");
    assertThat(protocol.size()).isEqualTo(15);
    assertThat(protocol.notes())
        .containsExactly(
            "2 repeated images counted once.",
            "3 images left out, because equal images are in folders that contradict each other.");
    assertThat(protocol.leftOut())
        .hasSize(3)
        .anyMatch(text -> text.startsWith(folder.resolve("bob/2.jpg") + ": "))
        .anyMatch(text -> text.startsWith(folder.resolve("cid/2.jpg") + ": "))
        .anyMatch(text -> text.startsWith(folder.resolve("cid/3.jpg") + ": "));
    assertThat(protocol.examples())
        .first()
        .asString()
        .contains(folder.resolve("ann/copy.jpg") + ", as " + folder.resolve("ann/1.jpg"));
  }

  @Test
  void read_folderPerPerson_saysWhatItDoesNotTake() throws IOException {
    touch("ann/1.jpg", "ann/deep/2.jpg", "bob/1.jpg", "loose.jpg", "bob/notes.txt");
    touch(".hidden/1.jpg", "@eaDir/1.jpg");
    Files.createSymbolicLink(folder.resolve("anna"), folder.resolve("ann"));
    Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));

    Protocol protocol = Protocol.read(folder);

    assertThat(protocol.images()).containsExactly("ann/1.jpg", "ann/deep/2.jpg", "bob/1.jpg");
    assertThat(protocol.people()).containsExactly("ann", "ann", "bob");
    assertThat(protocol.leftOut()).isEmpty();
    assertThat(protocol.notes())
        .containsExactly(
            "5 other items not taken: 1 x broken link, 1 x file or folder that another path has led"
                + " to, 2 x hidden or system folder, 1 x text.",
            "1 image outside of the folders of people not taken.",
            "1 image in deeper folders counted for the person of the outer one.");
    assertThat(protocol.examples()).element(1).asString().contains("loose.jpg");
  }

  /** A walk returns folders that cannot be read in place of their images. */
  @Test
  void add_ofAFolder_leavesItOut() {
    LabeledImages images = new LabeledImages();
    images.add("ann", folder);
    assertThat(images.counted()).isEmpty();
    assertThat(images.exclusions(ImageWalk.of(List.of())).leftOut())
        .containsExactly(folder + ": the folder cannot be read: change its permissions");
  }

  /** Content decides, not a name. */
  @Test
  void read_folderPerPerson_takesImagesWithoutExtension() throws IOException {
    touch("ann/1.jpg");
    Files.createDirectories(folder.resolve("bob"));
    Files.copy(Path.of("../samples/astronaut.png"), folder.resolve("bob/upload"));
    assertThat(Protocol.read(folder).images()).containsExactly("ann/1.jpg", "bob/upload");
  }

  @Test
  void read_onAnInterruptedThread_saysSoAndStaysInterrupted() throws IOException {
    touch("ann/1.jpg", "bob/1.jpg");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> Protocol.read(folder)).isInstanceOf(InterruptedCallException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void read_ofNoFolderOrFile_saysWhatWasFound() throws IOException {
    Path file = Files.createFile(folder.resolve("file.csv"));
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
    Path images = folder.resolve("none");
    assertFound(() -> Protocol.read(images), "none, found nothing");
    assertFound(() -> Protocol.read(file.resolve("below")), "below, found nothing");
    assertFound(() -> Protocol.read(loop), "loop, found a link that leads nowhere");
    assertFound(() -> Protocol.read(file, images), "none, found nothing");
    assertFound(() -> Protocol.read(file, file), "file.csv, found a file");
    assertFound(() -> Presentations.read(file), "file.csv, found a file");
    assertFound(() -> Protocol.read(file), "file.csv is empty");
  }

  /** Opening a pipe would wait for ever. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void read_ofADevice_isRefused() {
    assertFound(() -> Protocol.read(Path.of("/dev/zero")), "found a pipe or device");
  }

  private static void assertFound(ThrowingCallable reading, String text) {
    assertThatThrownBy(reading).isInstanceOf(ProtocolException.class).hasMessageContaining(text);
  }

  @Test
  void folderWhoseImagesContradict_isExplainedWithFewExamples() throws IOException {
    for (int i = 0; i < 9; i++) {
      for (String person : List.of("a", "b")) {
        Path image = folder.resolve(person).resolve(i + ".png");
        Files.createDirectories(image.getParent());
        ImageIO.write(
            new BufferedImage(10 + i, 10, BufferedImage.TYPE_3BYTE_BGR), "png", image.toFile());
      }
    }
    assertThatThrownBy(() -> Protocol.read(folder))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("; 18 images left out, because equal images are in folders")
        .message()
        .doesNotContain(".:", ".;")
        .satisfies(text -> assertThat(text.split("is equal: remove")).hasSize(4));
  }
}
