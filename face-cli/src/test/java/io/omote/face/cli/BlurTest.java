// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks.Point;
import io.omote.face.cli.image.FaceCover;
import io.omote.face.models.ModelZoo;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlurTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"blur", "mosaic", "fill"})
  void coveredFace_isUnrecognizable(String how) throws IOException {
    Path image = Images.astronaut(folder.resolve("in/a.png"), 512);
    Path output = folder.resolve("out");

    Run run = Run.of(new Blur(), image, "--output", output, "--how", how);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().strip()).isEqualTo(output.resolve("a.png") + ": 1 of 1 faces covered");
    FaceImage before = FaceImage.read(image);
    FaceImage after = FaceImage.read(output.resolve("a.png"));
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite());
        FaceEmbedder embedder = FaceEmbedder.create(ModelZoo.lite())) {
      Face face = detector.detect(before).get(0);
      // Knowing where the eyes were does not help.
      assertThat(embedder.embed(before, face).similarity(embedder.embed(after, face)))
          .isLessThan(0.2);
      assertOutsideIsUnchanged(image, output.resolve("a.png"), face.box());
    }
  }

  private static void assertOutsideIsUnchanged(Path before, Path after, BoundingBox box)
      throws IOException {
    BufferedImage was = ImageIO.read(before.toFile());
    BufferedImage is = ImageIO.read(after.toFile());
    for (int y = 0; y < was.getHeight(); y++) {
      for (int x = 0; x < was.getWidth(); x++) {
        boolean near =
            x > box.left() - 0.2 * box.width()
                && x < box.right() + 0.2 * box.width()
                && y > box.top() - 0.2 * box.height()
                && y < box.bottom() + 0.2 * box.height();
        if (!near && was.getRGB(x, y) != is.getRGB(x, y)) {
          throw new AssertionError("expected an unchanged pixel at %d,%d".formatted(x, y));
        }
      }
    }
  }

  /** The whole visible part of a face is covered, at each border of the image. */
  @ParameterizedTest
  @EnumSource(FaceCover.class)
  void faceThatIsCutOff_isCovered(FaceCover how) throws IOException {
    Path whole = Images.astronaut(folder.resolve("whole.png"), 512);
    BufferedImage photo = ImageIO.read(whole.toFile());
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite());
        FaceEmbedder embedder = FaceEmbedder.create(ModelZoo.lite())) {
      FaceImage image = FaceImage.read(whole);
      Face face = detector.detect(image).get(0);
      FaceEmbedding known = embedder.embed(image, face);
      BoundingBox box = face.box();
      List<Point> points = face.landmarks().orElseThrow().points();
      List<Path> cut = new ArrayList<>();
      List<Rectangle> parts = new ArrayList<>();
      for (double share : new double[] {0.2, 0.4}) {
        int left = (int) (box.left() + share * box.width());
        int top = (int) (box.top() + share * box.height());
        int right = (int) (box.right() - share * box.width());
        int bottom = (int) (box.bottom() - share * box.height());
        for (int[] edges :
            new int[][] {
              {left, 0, 512, 512},
              {0, top, 512, 512},
              {0, 0, right, 512},
              {0, 0, 512, bottom},
              {left, top, 512, 512},
              {0, top, right, 512},
              {0, 0, right, bottom},
              {left, 0, 512, bottom}
            }) {
          Rectangle part =
              new Rectangle(edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1]);
          Path file = folder.resolve(parts.size() + ".png");
          BufferedImage rest = photo.getSubimage(part.x, part.y, part.width, part.height);
          ImageIO.write(rest, "png", file.toFile());
          if (detector.detect(FaceImage.read(file)).size() == 1) {
            parts.add(part);
            cut.add(file);
          }
        }
      }
      assertThat(cut).hasSizeGreaterThan(8);
      List<Object> args = new ArrayList<>(cut);
      args.addAll(List.of("--how", how.name(), "--output", folder.resolve("out")));

      Run run = Run.of(new Blur(), args.toArray());

      assertThat(run.exitCode()).as(run.err()).isZero();
      for (int at = 0; at < cut.size(); at++) {
        BufferedImage was = ImageIO.read(cut.get(at).toFile());
        Path output = folder.resolve("out").resolve(cut.get(at).getFileName());
        BufferedImage is = ImageIO.read(output.toFile());
        Rectangle part = parts.get(at);
        for (Point point : points) {
          assertThat(unchanged(was, is, point.x() - part.x, point.y() - part.y, box.width() / 12))
              .as("%s, point of %s in %s", how, point, part)
              .isLessThan(0.1);
        }
        FaceImage after = FaceImage.read(output);
        // What looks like a face to the detector may be a fold of the suit.
        for (Face other : detector.detect(after)) {
          assertThat(embedder.embed(after, other).similarity(known))
              .as("%s of %s", how, part)
              .isLessThan(0.2);
        }
      }
    }
  }

  /** Returns the share of unchanged pixels around a point. */
  private static double unchanged(
      BufferedImage was, BufferedImage is, double x, double y, double radius) {
    int all = 0;
    int same = 0;
    for (int row = (int) (y - radius); row <= y + radius; row++) {
      for (int column = (int) (x - radius); column <= x + radius; column++) {
        if (row >= 0 && column >= 0 && row < was.getHeight() && column < was.getWidth()) {
          all++;
          same += was.getRGB(column, row) == is.getRGB(column, row) ? 1 : 0;
        }
      }
    }
    return all == 0 ? 0 : (double) same / all;
  }

  @Test
  void peopleOfAGallery_stayVisible() throws IOException {
    Images.astronaut(folder.resolve("people/collins/1.jpg"), 400);
    String gallery = folder.resolve("gallery").toString();
    assertThat(Run.of(new Enroll(), gallery, folder.resolve("people")).exitCode()).isZero();
    Path collins = Images.astronaut(folder.resolve("in/collins.png"), 480);
    Path hopper = Images.admiral(folder.resolve("in/hopper.png"), 480);

    Run run =
        Run.of(new Blur(), collins, hopper, "--output", folder.resolve("out"), "--except", gallery);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("collins.png: 0 of 1 faces covered", "hopper.png: 1 of 1 faces covered")
        .endsWith(
            String.format(
                Locale.ROOT,
                "unchanged, all stay visible (1): %s%n",
                folder.resolve("out/collins.png")));
    Run strict =
        Run.of(
            new Blur(),
            collins,
            "--output",
            folder.resolve("strict"),
            "--except",
            gallery,
            "--threshold",
            "0.9999");
    assertThat(strict.out()).contains("collins.png: 1 of 1 faces covered");
  }

  /** People removed from the gallery are covered, even in a run that began before. */
  @Test
  void whoIsRemovedDuringTheRun_isCoveredFromThenOn() {
    Images.astronaut(folder.resolve("people/collins/1.png"), 200);
    List<String> args = new ArrayList<>();
    for (int at = 0; at <= Batch.maxAhead(); at++) { // the last one is read after the first answer
      args.add(Images.astronaut(folder.resolve("in/" + at + ".png"), 200).toString());
    }
    Path gallery = folder.resolve("gallery");
    assertThat(Run.of(new Enroll(), gallery, folder.resolve("people")).exitCode()).isZero();
    StringWriter out =
        new StringWriter() {
          @Override
          public void write(String text, int from, int length) {
            super.write(text, from, length);
            if (text.contains("/0.png: 0 of 1 faces covered")) {
              People.remove(gallery, "collins");
            }
          }
        };

    args.addAll(
        List.of("--output", folder.resolve("out").toString(), "--except", gallery.toString()));
    int exitCode =
        Commands.commandLine(new Blur())
            .setOut(new PrintWriter(out, true))
            .execute(args.toArray(String[]::new));

    assertThat(exitCode).isZero();
    assertThat(out.toString())
        .contains(
            "/0.png: 0 of 1 faces covered",
            String.format(Locale.ROOT, "/%d.png: 1 of 1 faces covered", Batch.maxAhead()));
  }

  @Test
  void imageThatCannotBeRead_isNotWritten() throws IOException {
    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    Path image = Images.admiral(folder.resolve("in/b.jpg"), 300);

    Run run = Run.of(new Blur(), text, image, "--output", folder.resolve("out"));

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err().lines()).singleElement().asString().contains("text.jpg: expected ");
    assertThat(folder.resolve("out/text.jpg")).doesNotExist();
    assertThat(folder.resolve("out/b.jpg")).exists();

    List<JsonObject> lines =
        Run.of(new Blur(), text, image, "--output", folder.resolve("json"), "--json")
            .out()
            .lines()
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).keySet()).containsExactly("version", "image", "error");
    assertThat(lines.get(1).keySet())
        .containsExactly("version", "image", "output", "faces", "covered");
    assertThat(lines.get(1).get("covered").getAsInt()).isOne();
  }

  @Test
  void anythingThatWouldLoseAnImage_isRefused() throws IOException {
    Path image = Images.admiral(folder.resolve("in/b.jpg"), 300);
    Path other = Images.admiral(folder.resolve("other/b.jpg"), 300);
    byte[] original = Files.readAllBytes(other);

    Run over = Run.of(new Blur(), image, "--output", folder.resolve("in"));
    Run another = Run.of(new Blur(), image, "--output", folder.resolve("other"));
    Run twice = Run.of(new Blur(), image, other, "--output", folder.resolve("out"));

    for (Run refused : List.of(over, another, twice)) {
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.out()).isEmpty();
    }
    assertThat(over.err().lines()).singleElement().asString().contains(" already exists: ");
    assertThat(another.err().lines()).singleElement().asString().contains(" already exists: ");
    assertThat(twice.err()).startsWith("two outputs would be written to ");
    assertThat(other).hasBinaryContent(original);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void folders_keepTheirStructure() throws IOException {
    Path in = folder.resolve("in");
    Images.admiral(in.resolve("1.jpg"), 120);
    Images.admiral(in.resolve("a/1.jpg"), 120);
    Images.admiral(in.resolve("a/b/c.png/1.jpg"), 120);
    Path given = Images.admiral(folder.resolve("other/deep/2.jpg"), 120);
    Path output = folder.resolve("out/of/it");

    Run run = Run.of(new Blur(), in, given, "--output", output);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(files(output)).containsExactly("1.jpg", "2.jpg", "a/1.jpg", "a/b/c.png/1.jpg");
    assertThat(Run.of(new Blur(), in, "--output", output).exitCode()).isEqualTo(2);
    assertThat(
            Run.of(new Blur(), in, in.resolve("a/1.jpg"), "--output", folder.resolve("new")).err())
        .startsWith("two outputs would be written to ");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  /** An image is never lost only because its name has no extension of a format that is written. */
  @Test
  void namesWithoutAWritableExtension_getOneByContent() throws IOException {
    Path in = folder.resolve("in");
    Images.admiral(in.resolve("photo.jfif"), 120);
    Images.admiral(in.resolve("photo"), 120);
    Images.admiral(in.resolve("photo.JPG"), 120);
    BufferedImage image = ImageIO.read(in.resolve("photo").toFile());
    ImageIO.write(image, "png", in.resolve("copy.webp").toFile());
    Path output = folder.resolve("out");

    Run run = Run.of(new Blur(), in, "--output", output);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(files(output))
        .containsExactly("copy.webp.png", "photo.JPG", "photo.jfif.jpg", "photo.jpg");
    assertThat(Files.readAllBytes(output.resolve("photo.jpg"))).startsWith(0xff, 0xd8, 0xff);
    assertThat(Files.readAllBytes(output.resolve("copy.webp.png"))).startsWith(0x89, 'P', 'N', 'G');

    Images.admiral(in.resolve("photo.jpg"), 120);
    Run same = Run.of(new Blur(), in, "--output", folder.resolve("same"));
    assertThat(same.exitCode()).isEqualTo(2);
    assertThat(same.err()).startsWith("two outputs would be written to ");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // links need rights there
  void outputs_neverLeaveTheFolder() throws IOException {
    Path in = folder.resolve("in");
    Images.admiral(in.resolve("a/b/1.jpg"), 120);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path output = Files.createDirectory(folder.resolve("out"));
    Files.createSymbolicLink(output.resolve("a"), elsewhere);

    Run run = Run.of(new Blur(), in, "--output", output);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("out/a leads out of ");
    assertThat(elsewhere).isEmptyDirectory();
    // The folder itself may be a link.
    Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);
    Path up = in.resolve("a/../../in/a");
    assertThat(Run.of(new Blur(), up, "--output", link).exitCode()).isZero();
    assertThat(files(elsewhere)).containsExactly("b/1.jpg");
  }

  @Test
  void imagesThatAreUnchanged_areNamed() throws IOException {
    Path face = Images.astronaut(folder.resolve("in/face.jpg"), 300);
    Path one = Images.empty(folder.resolve("in/one.jpg"));
    Path other = Images.empty(folder.resolve("in/other.jpg"));
    Path output = folder.resolve("out");

    Run run = Run.of(new Blur(), one, face, other, "--output", output);

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err().strip()).isEqualTo("no upright face in 2 images: try --orientation any");
    assertThat(run.out().lines())
        .hasSize(4)
        .last()
        .isEqualTo(
            "unchanged, no face found (2): "
                + output.resolve("one.jpg")
                + ", "
                + output.resolve("other.jpg"));
    assertThat(output.resolve("one.jpg")).exists();

    Run json = Run.of(new Blur(), one, face, "--output", folder.resolve("json"), "--json");
    assertThat(json.exitCode()).isEqualTo(4);
    List<JsonObject> lines =
        json.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).get("unchanged").getAsString()).isEqualTo("no_face");
    assertThat(lines.get(1).has("unchanged")).isFalse();

    Path text = Files.writeString(folder.resolve("text.jpg"), "no image");
    Run unread = Run.of(new Blur(), one, text, "--output", folder.resolve("unread"));
    assertThat(unread.exitCode()).isEqualTo(3);
    assertThat(unread.out()).contains("unchanged, no face found (1): ");
    assertThat(Run.of(new Blur(), "--help").out()).contains("4   all images were written, but");
  }

  /** Image editors save erased parts like this: the colors are still in the file. */
  @Test
  void whatIsHidden_staysHidden() throws IOException {
    BufferedImage photo = ImageIO.read(Images.astronaut(folder.resolve("whole.jpg"), 400).toFile());
    BufferedImage erased = new BufferedImage(400, 400, BufferedImage.TYPE_INT_ARGB);
    erased.createGraphics().drawImage(photo, 0, 0, null);
    for (int y = 0; y < 400; y++) {
      for (int x = 0; x < 400; x++) {
        int alpha = x < 100 ? 0 : x < 120 ? 0x40 : 0xff;
        erased.setRGB(x, y, alpha << 24 | erased.getRGB(x, y) & 0xffffff);
      }
    }
    Path image = folder.resolve("erased.png");
    ImageIO.write(erased, "png", image.toFile());
    // What a viewer shows of it, in a format that cannot hide anything.
    Path named = Files.copy(image, folder.resolve("named.jpg"));

    Path output = folder.resolve("out");
    Run run = Run.of(new Blur(), image, named, "--output", output);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Run.of(new Detect(), image, "--drawings", output).exitCode()).isZero();

    BufferedImage blurred = ImageIO.read(output.resolve("erased.png").toFile());
    assertThat(run.out()).contains("erased.png: 1 of 1 faces covered");
    for (int y = 0; y < 400; y += 7) {
      assertThat(blurred.getRGB(50, y)).isZero();
      assertThat(blurred.getRGB(110, y)).isEqualTo(erased.getRGB(110, y));
    }
    assertThat(ImageIO.read(output.resolve("named.jpg").toFile()).getRGB(50, 50)).isEqualTo(-1);
    BufferedImage drawn = ImageIO.read(output.resolve("erased.png.png").toFile());
    assertThat(drawn.getRGB(50, 50)).isEqualTo(-1);
  }

  /**
   * A face may be visible only through transparency: a single color of varying opacity. A dark face
   * shows on a light background, a light face on a dark background.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 0xff})
  void faceOfTransparency_isCovered(int color) throws IOException {
    BufferedImage photo = ImageIO.read(Images.astronaut(folder.resolve("whole.jpg"), 400).toFile());
    BufferedImage stencil = new BufferedImage(400, 400, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < 400; y++) {
      for (int x = 0; x < 400; x++) {
        int light = photo.getRGB(x, y) >> 8 & 0xff;
        stencil.setRGB(x, y, (color == 0 ? 0xff - light : light) << 24 | color * 0x010101);
      }
    }
    Path image = folder.resolve("stencil.png");
    ImageIO.write(stencil, "png", image.toFile());

    Run run = Run.of(new Blur(), image, "--output", folder.resolve("out"));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("1 of 1 faces covered");
    Path again = folder.resolve("out/stencil.png");
    Run second = Run.of(new Blur(), again, "--output", folder.resolve("second"));
    assertThat(second.out()).contains("0 of 0 faces covered");
  }

  /** The pixels fit into memory, but the output does not. */
  @Test
  void imageTooLargeForTheMemory_endsThatImageOnly() throws Exception {
    BufferedImage large = new BufferedImage(3000, 3000, BufferedImage.TYPE_INT_ARGB);
    large.setRGB(0, 0, 0xff_00_00_00);
    Path first = Images.astronaut(folder.resolve("1.jpg"), 300);
    Path second = folder.resolve("2.png");
    ImageIO.write(large, "png", second.toFile());
    Path third = Images.astronaut(folder.resolve("3.jpg"), 300);
    Path output = folder.resolve("out");
    Path log = Files.createDirectory(folder.resolve("log"));

    for (String command : new String[] {"blur --output", "detect --drawings"}) {
      Run run =
          new CommandProcess(log)
              .java("-Xmx100m")
              .run(
                  command,
                  CommandProcess.word(output),
                  CommandProcess.word(first),
                  CommandProcess.word(second),
                  CommandProcess.word(third));

      assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
      assertThat(run.err()).startsWith(second + ": expected an image ").hasLineCount(1);
    }
    try (Stream<Path> files = Files.list(output)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("1.jpg", "3.jpg", "1.jpg.png", "3.jpg.png");
    }
  }

  /** A file may contain a thumbnail of the original, a location, a name. */
  @Test
  void written_areThePixelsAlone() throws IOException {
    byte[] photo = Files.readAllBytes(Images.astronaut(folder.resolve("plain.jpg"), 300));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(photo, 0, 2);
    byte[] secret = "Exif\0\0somebody's secret place".getBytes(StandardCharsets.ISO_8859_1);
    file.write(new byte[] {(byte) 0xff, (byte) 0xe1, 0, (byte) (secret.length + 2)});
    file.write(secret);
    file.write(photo, 2, photo.length - 2);
    file.write(photo); // as phones keep a second image behind the first
    Path jpeg = Files.write(folder.resolve("a.jpg"), file.toByteArray());
    Path png = Files.write(folder.resolve("b.png"), file.toByteArray());

    Path output = folder.resolve("out");
    assertThat(Run.of(new Blur(), jpeg, png, "--output", output).exitCode()).isZero();

    String written = Files.readString(output.resolve("a.jpg"), StandardCharsets.ISO_8859_1);
    assertThat(written).doesNotContain("secret", "Exif", "\u00ff\u00e1");
    assertThat(written.split("\u00ff\u00d8\u00ff", -1)).as("beginnings").hasSize(2);
    ByteBuffer chunks = ByteBuffer.wrap(Files.readAllBytes(output.resolve("b.png")));
    chunks.position(8);
    while (chunks.hasRemaining()) {
      int length = chunks.getInt();
      byte[] name = new byte[4];
      chunks.get(name);
      assertThat(new String(name, StandardCharsets.US_ASCII)).isIn("IHDR", "IDAT", "IEND");
      chunks.position(chunks.position() + length + 4);
    }
  }
}
