// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code detect} and its drawings. */
class DetectTest {
  private static final int BOX = 0xffd600;
  private static final int WHITE = 0xffffff;

  @TempDir private Path folder;

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Returns the length of the first run of pixels of a box in a row. */
  private static int lineWidth(BufferedImage drawing, int row) {
    int x = 0;
    while (drawing.getRGB(x, row) != (0xff000000 | BOX)) {
      x++;
    }
    int start = x;
    while (drawing.getRGB(x, row) == (0xff000000 | BOX)) {
      x++;
    }
    return x - start;
  }

  /** Simulates a shell that outlived the display it was opened from. */
  @Test
  void drawing_whereDisplayNamesNothing() throws Exception {
    Path drawing = folder.resolve("out.png");
    Run run =
        new CommandProcess(folder)
            .before("export DISPLAY=nowhere:1")
            .run("detect", "../samples/grace_hopper.jpg", "--drawing", drawing.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(drawing).isNotEmptyFile();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void drawing_withoutFonts_hasNoLabelsAndOneLineSaysSo() throws Exception {
    Path drawing = folder.resolve("out.png");
    Run run =
        new CommandProcess(folder)
            .withoutFonts(folder)
            .run("detect", "../samples/grace_hopper.jpg", "--drawing", drawing.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("drawings have no labels, because Java finds no font: install fontconfig");
    assertThat(Images.pixels(ImageIO.read(drawing.toFile()), BOX)).isGreaterThan(300);
  }

  @ParameterizedTest
  @CsvSource({"4000, 11, 15", "1000, 2, 5", "120, 1, 2"})
  void drawing_growsWithTheFace(int width, int least, int most) throws IOException {
    Path file = Images.astronaut(folder.resolve("in.png"), width);
    Path drawing = folder.resolve("out.png");

    Run run = Run.of(new Detect(), file, "--drawing", drawing);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines()).hasSize(3).last().isEqualTo("  drawn to " + drawing);
    BufferedImage image = ImageIO.read(drawing.toFile());
    assertThat(image.getWidth()).isEqualTo(width);
    // The face is in the upper half, in the middle.
    assertThat(lineWidth(image, width / 5)).isBetween(least, most);
    // The label: of nine pixels at least, and larger in larger images.
    long before = Images.pixels(ImageIO.read(file.toFile()), WHITE);
    assertThat(Images.pixels(image, WHITE) - before)
        .isGreaterThan(Math.max(8, (long) width * width / 60_000));
  }

  @Test
  void drawing_isOfTheFormatOfItsName() throws IOException {
    Path file = Images.astronaut(folder.resolve("in.png"), 300);

    for (String name : new String[] {"a.png", "a.JPG", "a.jpeg", "a.bmp"}) {
      assertThat(Run.of(new Detect(), file, "--drawing", folder.resolve(name)).exitCode()).isZero();
    }

    // As any new file of this user, not as a temporary one.
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Path other = Files.createFile(folder.resolve("other"));
      assertThat(Files.getPosixFilePermissions(folder.resolve("a.png")))
          .isEqualTo(Files.getPosixFilePermissions(other));
    }
    assertThat(magic("a.png")).startsWith(0x89, 'P', 'N', 'G');
    assertThat(magic("a.JPG")).startsWith(0xff, 0xd8);
    assertThat(magic("a.jpeg")).startsWith(0xff, 0xd8);
    assertThat(magic("a.bmp")).startsWith('B', 'M');
  }

  private int[] magic(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(name));
    return new int[] {bytes[0] & 0xff, bytes[1] & 0xff, bytes[2] & 0xff, bytes[3] & 0xff};
  }

  @Test
  void drawing_thatCannotBeWritten_isNotReportedAsWritten() throws IOException {
    Path file = Images.astronaut(folder.resolve("in.png"), 300);

    Run unknown = Run.of(new Detect(), file, "--drawing", folder.resolve("a.txt"));
    Run nowhere = Run.of(new Detect(), file, "--drawing", folder.resolve("none/a.png"));

    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("expected a name that ends in one of .bmp, .jpeg, .jpg, .png, found ");
    assertThat(nowhere.exitCode()).isEqualTo(1);
    assertThat(nowhere.err()).startsWith("a file could not be read or written: ");
    assertThat(unknown.out() + nowhere.out()).doesNotContain("drawn to");
    assertThat(files()).containsExactly("in.png");
  }

  @Test
  void drawings_ofImagesOfOneName_areAllThere() throws IOException {
    Path one = Images.astronaut(folder.resolve("a/1.png"), 300);
    Path other = Images.admiral(folder.resolve("b/1.png"), 300);
    Path text = Files.writeString(folder.resolve("text.png"), "no image");

    Run run =
        Run.of(new Detect(), one, text, other, "--drawings", folder.resolve("drawings"), "--json");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).isEmpty();
    List<JsonObject> lines =
        run.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0).keySet())
        .containsExactly("version", "image", "width", "height", "faces");
    assertThat(lines.get(0).getAsJsonArray("faces").get(0).getAsJsonObject().keySet())
        .containsExactly("box", "score", "landmarks");
    assertThat(lines.get(1).keySet()).containsExactly("version", "image", "error");
    assertThat(lines.get(1).getAsJsonObject("error").get("message").getAsString())
        .startsWith("expected ");
    assertThat(folder.resolve("drawings/1.png.png")).exists();
    assertThat(folder.resolve("drawings/1.png-2.png")).exists();
  }

  @Test
  void drawing_ofSeveralImages_isRefused() {
    Path file = Images.astronaut(folder.resolve("in.png"), 300);

    Run run = Run.of(new Detect(), file, file, "--drawing", folder.resolve("a.png"));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("expected one image for --drawing, found 2");
  }

  @Test
  void outputThatIsThere_isRefused() throws IOException {
    Path file = Images.astronaut(folder.resolve("a.jpg"), 300);
    Path other = Images.admiral(folder.resolve("a.jpg.png"), 300);
    byte[] content = Files.readAllBytes(file);
    byte[] contentOfOther = Files.readAllBytes(other);

    Run over = Run.of(new Detect(), file, "--drawing", folder.resolve("./a.jpg"));
    Run beside = Run.of(new Detect(), file, other, "--drawings", folder);
    Run analyzed = Run.of(new Analyze(), other, "--drawing", other);

    for (Run run : List.of(over, beside, analyzed)) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err().lines()).singleElement().asString().contains(" already exists: ");
    }
    assertThat(file).hasBinaryContent(content);
    assertThat(other).hasBinaryContent(contentOfOther);
    assertThat(files()).containsExactly("a.jpg", "a.jpg.png");
  }

  /** The pixels fit into memory, but the drawing does not. */
  @Test
  void drawingTooLargeForTheMemory_endsThatImageOnly() throws Exception {
    BufferedImage noise = new BufferedImage(2600, 2600, BufferedImage.TYPE_3BYTE_BGR);
    new Random(1).nextBytes(((DataBufferByte) noise.getRaster().getDataBuffer()).getData());
    Path large = folder.resolve("large.jpg");
    ImageIO.write(noise, "jpg", large.toFile());
    Path small = Images.astronaut(folder.resolve("small.jpg"), 300);
    Path drawings = folder.resolve("drawings");
    for (String command : List.of("detect", "analyze")) {
      Run run =
          new CommandProcess(folder)
              .java("-Xmx100m")
              .run(
                  command,
                  CommandProcess.word(large),
                  CommandProcess.word(small),
                  "--drawings",
                  CommandProcess.word(drawings.resolve(command)));

      assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
      assertThat(run.err())
          .contains("large.jpg: expected an image that fits into memory")
          .doesNotContain("\tat ");
      assertThat(drawings.resolve(command)).isDirectoryContaining("glob:**small.jpg.png");
    }
  }

  /** The shell opens the pipe for the command, which reads it once. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void pipeOfTheShell_isRead() throws Exception {
    Run run = new CommandProcess(folder).run("detect", "<(cat ../samples/grace_hopper.jpg)");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains(": 1 face");
  }
}
