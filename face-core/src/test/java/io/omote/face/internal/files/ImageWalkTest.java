// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ImageWalkTest {
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16};

  @TempDir private Path folder;

  private Path file(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  private void images(String... names) throws IOException {
    for (String name : names) {
      file(name, JPEG);
    }
  }

  private Path link(String name, String target) throws IOException {
    Path link = folder.resolve(name);
    Files.createDirectories(link.getParent());
    return Files.createSymbolicLink(link, Path.of(target));
  }

  /** Runs lines of a shell in the folder. */
  private void shell(String lines) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-ec", lines)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private ImageWalk walk(String... roots) {
    return ImageWalk.of(Arrays.stream(roots).map(folder::resolve).toList());
  }

  private List<String> names(ImageWalk walk) {
    return walk.images().stream()
        .map(image -> folder.relativize(image.normalize()).toString().replace('\\', '/'))
        .toList();
  }

  private static List<String> sorted(List<String> names) {
    List<String> sorted = new ArrayList<>(names);
    Collections.sort(sorted);
    return sorted;
  }

  @Test
  void images_areInTheOrderOfTheInputs_andSortedInFolders() throws IOException {
    images("b/2.jpg", "b/10.jpg", "b/a/1.jpg", "a/9.jpg", "z.jpg");
    ImageWalk walk = walk("z.jpg", "b", "a");
    assertThat(names(walk)).containsExactly("z.jpg", "b/10.jpg", "b/2.jpg", "b/a/1.jpg", "a/9.jpg");
    assertThat(walk.omitted()).isEmpty();
    assertThat(walk.omittedKinds()).isEmpty();
    assertThat(walk.images()).filteredOn(walk::isGiven).containsExactly(folder.resolve("z.jpg"));
  }

  /** A name of an image suffices: what else it contains is reported when it is read. */
  @Test
  void images_areKnownByNameOrContent() throws IOException {
    images("in/a.JPG", "in/a.Jpeg", "in/a.jpe", "in/a.JFIF", "in/none", "in/photo.backup");
    file("in/text.jpg", "no image".getBytes(StandardCharsets.UTF_8));
    file("in/b.heic", "\0\0\0\u0018ftypheic\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
    file("in/c.gif", "GIF89a\0\0".getBytes(StandardCharsets.ISO_8859_1));
    file("in/notes.txt", "BMW drivers wanted".getBytes(StandardCharsets.UTF_8));
    file("in/manual.pdf", "%PDF-1.7".getBytes(StandardCharsets.UTF_8));
    file("in/other.pdf", "%PDF-1.4".getBytes(StandardCharsets.UTF_8));
    file("in/empty", new byte[0]);
    ImageWalk walk = walk("in");
    assertThat(names(walk))
        .containsExactlyElementsOf(
            sorted(
                List.of(
                    "in/a.JPG",
                    "in/a.Jpeg",
                    "in/a.jpe",
                    "in/a.JFIF",
                    "in/none",
                    "in/photo.backup",
                    "in/text.jpg",
                    "in/b.heic",
                    "in/c.gif")));
    assertThat(walk.omittedKinds()).isEqualTo("2 x PDF, 1 x empty file, 1 x text");
    assertThat(walk.omitted())
        .contains(new ImageWalk.Omitted(folder.resolve("in/notes.txt"), "text"));
    assertThat(ImageWalk.kindOf(folder.resolve("in/b.heic"))).isEqualTo("HEIC");
    assertThat(ImageWalk.kindOf(folder.resolve("in/nowhere"))).isEqualTo("unreadable file");
  }

  @Test
  void inputs_thatAreNoFolders_areTakenAsTheyAre() throws IOException {
    file("notes.txt", "text".getBytes(StandardCharsets.UTF_8));
    images(".hidden.jpg");
    assertThat(names(walk("notes.txt", "nowhere", ".hidden.jpg", "notes.txt")))
        .containsExactly("notes.txt", "nowhere", ".hidden.jpg", "notes.txt");
  }

  @Test
  void folderThatIsNamedLikeAnImage_isWalked() throws IOException {
    images("x.jpg/1.jpg", "in/y.jpg/1.jpg");
    assertThat(names(walk("x.jpg", "in"))).containsExactly("x.jpg/1.jpg", "in/y.jpg/1.jpg");
  }

  @Test
  void hiddenAndSystemFolders_areOmittedAndCounted() throws IOException {
    List<String> others =
        List.of(
            ".thumbnails",
            ".Trash-1000",
            ".Trashes",
            ".@__thumb",
            "@eaDir",
            "@Recycle",
            "#recycle",
            "$RECYCLE.BIN",
            "RECYCLER",
            "System Volume Information",
            "__MACOSX",
            "lost+found");
    for (String other : others) {
      images("in/" + other + "/a/1.jpg");
    }
    images("in/._1.jpg", "in/.jpg", "in/1.jpg");
    file("in/Thumbs.db", new byte[] {1});
    ImageWalk walk = walk("in");
    assertThat(names(walk)).containsExactly("in/1.jpg");
    assertThat(walk.omitted())
        .extracting(one -> folder.resolve("in").relativize(one.path()).toString())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, others.size() + 3)
                .mapToObj(
                    at ->
                        at < others.size()
                            ? others.get(at)
                            : List.of("._1.jpg", ".jpg", "Thumbs.db").get(at - others.size()))
                .toList());
    assertThat(walk.omittedKinds())
        .isEqualTo("3 x hidden or system file, 12 x hidden or system folder");
  }

  @Test
  void hiddenFolder_thatIsGiven_isWalked() throws IOException {
    images(".hidden/in/1.jpg", "@eaDir/2.jpg");
    assertThat(names(walk(".hidden", "@eaDir")))
        .containsExactly(".hidden/in/1.jpg", "@eaDir/2.jpg");
    assertThat(names(walk(".hidden/in/../in", ".hidden/in/."))).containsExactly(".hidden/in/1.jpg");
  }

  /** The paths are relative, as the user wrote them. */
  @Test
  @DisabledOnOs(OS.WINDOWS) // the folder may be on another drive
  void relativeFolders_giveRelativePaths() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    images("in/1.jpg");
    Path relative = here.relativize(folder.resolve("in"));
    assertThat(ImageWalk.of(List.of(relative)).images()).containsExactly(relative.resolve("1.jpg"));
    Path up = relative.resolve("..");
    assertThat(ImageWalk.of(List.of(up)).images()).containsExactly(up.resolve("in/1.jpg"));
    assertThat(ImageWalk.of(List.of(up)).byFolderIn(up)).containsOnlyKeys(up.resolve("in"));
  }

  @Test
  void rootsThatOverlap_giveEachImageOnce() throws IOException {
    images("in/1.jpg", "in/a/2.jpg", "in/a/b/3.jpg");
    ImageWalk inner = walk("in/a/b", "in", "in/a", "in");
    assertThat(names(inner)).containsExactly("in/a/b/3.jpg", "in/1.jpg", "in/a/2.jpg");
    assertThat(inner.omittedKinds()).isEqualTo("3 x file or folder that another path has led to");
  }

  @Test
  void images_areGroupedByFolders() throws IOException {
    images("in/maya/1.jpg", "in/maya/2019/2.jpg", "in/loose.jpg", "in/omar/3.jpg");
    Path in = folder.resolve("in");
    Map<Path, List<Path>> people = walk("in").byFolderIn(in);
    assertThat(people)
        .containsOnlyKeys(in, in.resolve("maya"), in.resolve("omar"))
        .containsEntry(in, List.of(in.resolve("loose.jpg")))
        .containsEntry(
            in.resolve("maya"), List.of(in.resolve("maya/1.jpg"), in.resolve("maya/2019/2.jpg")));
  }

  @Test
  void zipFile_isWalked() throws IOException {
    try (FileSystem zip =
        FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
      Files.createDirectories(zip.getPath("/in/a"));
      Files.write(zip.getPath("/in/a/1.jpg"), JPEG);
      Files.write(zip.getPath("/in/none"), JPEG);
      assertThat(ImageWalk.of(List.of(zip.getPath("/"))).images())
          .containsExactly(zip.getPath("/in/a/1.jpg"), zip.getPath("/in/none"));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // links need rights there
  void links_areFollowedOnce() throws IOException {
    images("in/a/1.jpg", "elsewhere/2.jpg", "elsewhere/deeper/3.jpg", "single.jpg");
    link("in/linked", "../elsewhere");
    link("in/loop", "..");
    link("in/a/loop", ".");
    link("in/again", "a");
    link("in/single.jpg", "../single.jpg");
    link("in/single-again.jpg", "single.jpg");
    link("in/a-1.jpg", "a/1.jpg");
    link("in/self.jpg", "self.jpg");
    link("in/broken.jpg", "nowhere.jpg");
    link("in/.hidden.jpg", "nowhere");
    ImageWalk walk = walk("in");
    assertThat(names(walk))
        .containsExactly(
            "in/a/1.jpg", "in/linked/2.jpg", "in/linked/deeper/3.jpg", "in/loop/single.jpg");
    // Links and the folders behind the one that leads up.
    assertThat(walk.omittedKinds())
        .isEqualTo(
            "2 x broken link, 7 x file or folder that another path has led to,"
                + " 1 x hidden or system file");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void rootThatIsALink_isFollowed() throws IOException {
    images("in/1.jpg");
    link("linked", "in");
    link("first", "second");
    link("second", "first");
    assertThat(names(walk("linked", "in"))).containsExactly("linked/1.jpg");
    assertThat(names(walk("first"))).containsExactly("first");
  }

  /** A folder counts under its own name, in any order of the inputs. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linkedFile_thatALaterInputContains_isTakenOnce() throws IOException {
    images("real/1.jpg", "real/2.jpg");
    link("links/first.jpg", "../real/1.jpg");
    assertThat(names(walk("links", "real"))).containsExactly("links/first.jpg", "real/2.jpg");
    assertThat(names(walk("real", "links"))).containsExactly("real/1.jpg", "real/2.jpg");
  }

  /** Programs that manage files keep them in a hidden folder, behind links with their names. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void linksToFilesInHiddenFolders_areTakenByTheirNames() throws IOException {
    images("in/.git/annex/objects/aa/SHA256E-1", "in/.git/annex/objects/bb/SHA256E-2");
    link("in/maya/1.jpg", "../.git/annex/objects/aa/SHA256E-1");
    link("in/omar/2", "../.git/annex/objects/bb/SHA256E-2");
    link("in/omar/not-here.jpg", "../.git/annex/objects/cc/SHA256E-3");
    ImageWalk walk = walk("in");
    assertThat(names(walk)).containsExactly("in/maya/1.jpg", "in/omar/2");
    assertThat(walk.omittedKinds()).isEqualTo("1 x broken link, 1 x hidden or system folder");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void pipesAndDevices_areNotOpened() throws Exception {
    shell("mkdir in; mkfifo in/x.jpg in/pipe; ln -s /dev/zero in/zero.jpg");
    images("in/1.jpg");
    ImageWalk walk = walk("in");
    assertThat(names(walk)).containsExactly("in/1.jpg");
    assertThat(walk.omitted())
        .contains(
            new ImageWalk.Omitted(folder.resolve("in/x.jpg"), "pipe or device"),
            new ImageWalk.Omitted(folder.resolve("in/pipe"), "pipe or device"),
            new ImageWalk.Omitted(folder.resolve("in/zero.jpg"), "pipe or device"));

    assertThat(names(walk("in/x.jpg"))).containsExactly("in/x.jpg");
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> ImageFiles.read(folder.resolve("in/x.jpg")))
        .withMessageContaining("found a pipe or device");
  }

  /** Reading such a file of the kernel may wait for ever. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void filesOfTheKernel_areNotOpened() throws IOException {
    link("in/kernel", "/proc/sys/kernel");
    ImageWalk walk = walk("in");
    assertThat(walk.omitted())
        .contains(new ImageWalk.Omitted(folder.resolve("in/kernel/ostype"), "empty file"));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void chainOfFolders_isWalkedToItsEnd() throws IOException {
    Path end = folder.resolve("d/".repeat(400));
    Files.createDirectories(end);
    Path image = Files.write(end.resolve("1.jpg"), JPEG);
    assertThat(walk("d").images()).containsExactly(image);
    delete(end);
  }

  /** Deletes a chain of folders, of which JUnit would open all at once. */
  private void delete(Path end) throws IOException {
    Files.delete(end.resolve("1.jpg"));
    for (Path at = end; !at.equals(folder); at = at.getParent()) {
      Files.delete(at);
    }
  }

  /** The system does not accept longer paths: the folder that it ends with is reported. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void chainOfFolders_thatIsLongerThanAPath_isReported() throws Exception {
    String name = "d".repeat(200);
    shell("mkdir in; cd in; for i in {1..22}; do mkdir " + name + "; cd -P " + name + "; done");
    images("in/z.jpg");
    List<Path> images = walk("in").images();
    assertThat(images).hasSize(2).contains(folder.resolve("in/z.jpg"));
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> ImageFiles.read(images.get(0)))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNREADABLE));
    shell("rm -rf in");
  }

  /** Different names that Java shows alike are different files. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void namesThatCannotBeDecoded_areTakenAndReported() throws Exception {
    shell("mkdir in; printf '\\xff\\xd8\\xff' | tee in/$'J\\xe9.jpg' in/$'J\\xe8.jpg' >/dev/null");
    shell("mkdir in/$'\\xe9'; mv in/$'J\\xe8.jpg' in/$'\\xe9'");
    List<Path> images = walk("in").images();
    assertThat(images).hasSize(2).allMatch(Files::exists);
    for (Path image : images) {
      assertThatExceptionOfType(ImageException.class)
          .isThrownBy(() -> ImageFiles.read(image))
          .withMessageContaining("cannot be read in this locale");
    }
  }

  @Test
  void folder_isNoImage() {
    assertThatExceptionOfType(ImageException.class)
        .isThrownBy(() -> ImageFiles.read(folder))
        .withMessageContaining("expected an image file, found a folder: ");
  }

  /** A file system lists files in any order. */
  @Test
  void omittedFiles_areInTheOrderOfTheirPaths() throws IOException {
    for (int at = 20; at > 0; at--) {
      Files.writeString(
          Files.createDirectories(folder.resolve("in/" + at % 3)).resolve(at + ".txt"), "text");
    }
    assertThat(walk("in").omitted())
        .hasSize(20)
        .isSortedAccordingTo(Comparator.comparing(ImageWalk.Omitted::path));
  }
}
