// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceException;
import io.omote.face.GalleryException;
import io.omote.face.cli.files.Outputs;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.gallery.LuceneGallery;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Existing files are never replaced, under any name. */
class OutputsTest {
  @TempDir private Path folder;
  private Path there;

  @BeforeEach
  void makeOne() throws IOException {
    there = Files.writeString(folder.resolve("there.jpg"), "somebody");
  }

  private void assertRefused(Path file) throws IOException {
    assertThatThrownBy(() -> Outputs.check(List.of(folder.resolve("free"), file)))
        .isInstanceOf(OptionException.class)
        .hasMessage("%s already exists: choose another name, or move the file away", file);
    assertThatThrownBy(() -> NewFile.write(file, "another"))
        .isInstanceOf(FaceException.class)
        .hasMessageContaining(file + " already exists");
    assertThatThrownBy(() -> NewFile.writeText(file, text -> text.write("another")))
        .isInstanceOf(FaceException.class)
        .hasMessageContaining(file + " already exists");
    assertThat(there).hasContent("somebody");
  }

  @Test
  void fileThatIsThere_isRefused() throws IOException {
    assertRefused(there);
    assertRefused(folder.resolve("./there.jpg"));
    assertRefused(folder.resolve("none/../there.jpg").normalize());
    assertRefused(folder); // a folder is something, too
  }

  /** A gallery deletes files whose names look like its own. */
  @Test
  void folderOfAGallery_isRefused() {
    Path gallery = folder.resolve("gallery");
    LuceneGallery.open(gallery, "some:model").close();

    for (Path file : List.of(gallery.resolve("_a.jpg"), gallery.resolve("../gallery/a.jpg"))) {
      assertThatThrownBy(() -> Outputs.check(List.of(folder.resolve("free"), file)))
          .isInstanceOf(GalleryException.class)
          .hasMessageContaining(" is the folder of a gallery");
    }
    assertThatCode(() -> Outputs.check(List.of(gallery.resolveSibling("_a.jpg"))))
        .doesNotThrowAnyException();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void linksAreWhatTheyLeadTo() throws IOException {
    assertRefused(Files.createSymbolicLink(folder.resolve("link"), there));
    assertRefused(Files.createLink(folder.resolve("other name"), there));
    assertRefused(Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("none")));
    assertThat(folder.resolve("none")).doesNotExist();
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), folder);
    assertRefused(linked.resolve("there.jpg"));

    // Two names of one folder.
    assertThatThrownBy(() -> Outputs.check(List.of(folder.resolve("new"), linked.resolve("./new"))))
        .isInstanceOf(OptionException.class)
        .hasMessageStartingWith("two outputs would be written to ");
  }

  /** The check fails before any work is done. */
  @Test
  void placeThatIsNoFolder_isRefused() {
    for (Path file : List.of(there.resolve("new"), there.resolve("none/new"))) {
      assertThatThrownBy(() -> Outputs.check(List.of(file)))
          .isInstanceOf(OptionException.class)
          .hasMessage("%s is not a writable folder: choose another one", there);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void placeThatIsALinkToNoFolder_isRefused() throws IOException {
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    Path nowhere = Files.createSymbolicLink(folder.resolve("nowhere"), folder.resolve("none"));
    for (Path link : List.of(loop, nowhere)) {
      assertThatThrownBy(() -> Outputs.check(List.of(link.resolve("new"))))
          .isInstanceOf(OptionException.class)
          .hasMessage("%s is not a writable folder: choose another one", link);
    }
  }

  @Test
  void twoOfOneName_areRefused() {
    List<Path> twice = List.of(folder.resolve("none/a"), folder.resolve("none/../none/a"));
    assertThatThrownBy(() -> Outputs.check(twice))
        .isInstanceOf(OptionException.class)
        .hasMessageStartingWith("two outputs would be written to ");
  }

  @Test
  void newFile_isWritten() throws IOException {
    Path file = folder.resolve("new");
    assertThatCode(() -> Outputs.check(List.of(file))).doesNotThrowAnyException();
    byte[] large = new byte[5_000_000];
    large[4_999_999] = 1;
    NewFile.write(file, large);
    assertThat(file).hasBinaryContent(large);
    NewFile.writeText(folder.resolve("long"), text -> text.write("\u00fc"));
    assertThat(folder.resolve("long")).hasBinaryContent(new byte[] {(byte) 0xc3, (byte) 0xbc});
    NewFile.write(folder.resolve("text"), "\u00fc");
    assertThat(folder.resolve("text")).hasBinaryContent(new byte[] {(byte) 0xc3, (byte) 0xbc});
  }

  @Test
  void textThatCannotBeMade_isNotThere() {
    Path file = folder.resolve("half");
    assertThatThrownBy(
            () ->
                NewFile.writeText(
                    file,
                    text -> {
                      text.write("a\n".repeat(10_000));
                      throw new OutOfMemoryError("for a test");
                    }))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(file).doesNotExist();
  }

  /** Simulates a full disk: the system refuses to extend a file. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void fileThatCannotBeWritten_isNotThere() throws Exception {
    Path file = folder.resolve("large");
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                "bash",
                "-c",
                "ulimit -f 1000; exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Large.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    assertThat(log)
        .content()
        .contains(file + " could not be written (it exceeds the largest size that is allowed): ");
    assertThat(file).doesNotExist();
  }

  /** A process that writes more than its limit. */
  static final class Large {
    private Large() {}

    public static void main(String[] args) throws IOException {
      try {
        NewFile.write(Path.of(args[0]), new byte[3_000_000]);
      } catch (FaceException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
