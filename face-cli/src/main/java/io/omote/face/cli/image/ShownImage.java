// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.image;

import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import io.omote.face.internal.files.ImageFile;
import io.omote.face.internal.files.ImageFiles;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An image file, and what viewers show of it. A file may store colors that nobody sees, such as
 * those of a part that was erased: {@link FaceImage} drops transparency and has the colors as they
 * are stored. What is written for people to look at, or to publish, is made of this instead. For
 * use by one thread.
 */
public final class ShownImage {
  private final Path file;
  private final byte[] content;
  private final FaceImage stored;

  /** Looked at when it is asked for: it takes as long as decoding. */
  private @Nullable Optional<Alpha> alpha;

  private ShownImage(Path file, byte[] content, FaceImage stored) {
    this.file = file;
    this.content = content;
    this.stored = stored;
  }

  /**
   * Reads a file as {@link FaceImage#read(Path)} does. It is read once: a pipe has its content no
   * second time.
   *
   * @param file the file
   * @return the image
   * @throws ImageException if it cannot be read, or the memory does not suffice for it
   */
  public static ShownImage read(Path file) {
    return ImageFiles.within(file, () -> readWhole(file));
  }

  private static ShownImage readWhole(Path file) {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes((int) ImageOptions.defaults().maxBytes() + 1);
    } catch (IOException e) {
      FaceImage.read(file); // says what is wrong with it
      throw new UncheckedIOException(e);
    }
    try {
      return new ShownImage(file, content, FaceImage.read(content));
    } catch (ImageException e) {
      throw e.inFile(file);
    }
  }

  /** The colors as they are stored, for networks to look at. */
  public FaceImage stored() {
    return stored;
  }

  /**
   * Whether all of it is seen.
   *
   * @throws ImageException if it has transparency that cannot be read, as the other methods do
   */
  public boolean isOpaque() {
    return alpha().isEmpty();
  }

  private Optional<Alpha> alpha() {
    if (alpha == null) {
      try {
        alpha = Alpha.read(content, stored.width(), stored.height());
      } catch (ImageException e) {
        throw e.inFile(file);
      }
    }
    return alpha;
  }

  /** Laid on white, as most viewers do; an opaque image as it is. */
  public FaceImage onWhite() {
    return on(Color.WHITE);
  }

  /** Laid on black, as other viewers do; an opaque image as it is. */
  public FaceImage onBlack() {
    return on(Color.BLACK);
  }

  private FaceImage on(Color ground) {
    return isOpaque() ? stored : FaceImage.of(ImageFile.on(ground, toBufferedImage()));
  }

  /**
   * Copies the image for Java's own imaging.
   *
   * @return a new image, with transparency where the file has some; what cannot be seen at all is
   *     black
   */
  public BufferedImage toBufferedImage() {
    return alpha().map(this::withAlpha).orElseGet(stored::toBufferedImage);
  }

  private BufferedImage withAlpha(Alpha opacities) {
    BufferedImage shown =
        new BufferedImage(stored.width(), stored.height(), BufferedImage.TYPE_INT_ARGB);
    ByteBuffer bgr = stored.bgr();
    int[] row = new int[stored.width()];
    for (int y = 0; y < stored.height(); y++) {
      for (int x = 0; x < row.length; x++) {
        int color = bgr.get() & 0xff | (bgr.get() & 0xff) << 8 | (bgr.get() & 0xff) << 16;
        int opacity = opacities.at(x, y);
        row[x] = opacity == 0 ? 0 : opacity << 24 | color;
      }
      shown.setRGB(0, y, row.length, 1, row, 0, row.length);
    }
    return shown;
  }
}
