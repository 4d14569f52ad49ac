// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Images of all kinds in a folder. */
final class TestImages {
  private static final Path SAMPLES = Path.of("../samples");

  private TestImages() {}

  /** Adds the sample images, one of them in a subfolder. */
  static void addSamples(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("people & more"));
    for (String name : new String[] {"astronaut.png", "astronaut_rendition.jpg"}) {
      Files.copy(SAMPLES.resolve(name), folder.resolve(name));
    }
    Files.copy(
        SAMPLES.resolve("grace_hopper.jpg"),
        folder.resolve("people & more/grace hopper %20#1.jpg"));
  }

  /** Adds images of 64 x 64 black pixels, which show no face. */
  static void addBlack(Path folder, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      addBlack(folder.resolve("black%03d.png".formatted(i)));
    }
  }

  private static void addBlack(Path file) throws IOException {
    ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_3BYTE_BGR), "png", file.toFile());
  }

  /** Adds files as found in archives: truncated, empty, of another kind, too large, no face. */
  static void addOthers(Path folder) throws IOException {
    byte[] whole = Files.readAllBytes(SAMPLES.resolve("grace_hopper.jpg"));
    Files.write(folder.resolve("cut off.jpg"), Arrays.copyOf(whole, whole.length / 2));
    Files.write(folder.resolve("head alone.jpg"), Arrays.copyOf(whole, 20));
    Files.createFile(folder.resolve("empty.jpg"));
    Files.writeString(folder.resolve("notes.txt"), "no image\n");
    addBlack(folder.resolve("black.png"));
    // A sparse file of 3 GB, more than fits into an array.
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve("huge.jpg").toFile(), "rw")) {
      file.setLength(3L << 30);
    }
    ImageIO.write(
        new BufferedImage(20_000, 8, BufferedImage.TYPE_BYTE_GRAY),
        "png",
        folder.resolve("too wide.png").toFile());
  }
}
