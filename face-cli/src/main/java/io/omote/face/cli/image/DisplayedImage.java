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
 * An image file as viewers display it. A file may store colors that transparency hides, such as
 * those of an erased part. {@link FaceImage} drops transparency and has all stored colors; outputs
 * for people to look at or to publish must be made from this class instead. Not thread-safe.
 */
public final class DisplayedImage {
  private final Path file;
  private final byte[] content;
  private final FaceImage stored;

  /** Read lazily, because reading it takes as long as decoding. */
  private @Nullable Optional<AlphaChannel> alpha;

  private DisplayedImage(Path file, byte[] content, FaceImage stored) {
    this.file = file;
    this.content = content;
    this.stored = stored;
  }

  /**
   * Reads a file like {@link FaceImage#read(Path)}. The file is read only once, so that it may be a
   * pipe.
   *
   * @param file the file
   * @return the image
   * @throws ImageException if it cannot be read or does not fit into memory
   */
  public static DisplayedImage read(Path file) {
    return ImageFiles.within(file, () -> readWhole(file));
  }

  private static DisplayedImage readWhole(Path file) {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes((int) ImageOptions.defaults().maxBytes() + 1);
    } catch (IOException e) {
      FaceImage.read(file); // throws an exception that explains the cause
      throw new UncheckedIOException(e);
    }
    try {
      return new DisplayedImage(file, content, FaceImage.read(content));
    } catch (ImageException e) {
      throw e.inFile(file);
    }
  }

  /** Returns the image with all stored colors, for networks. */
  public FaceImage stored() {
    return stored;
  }

  /**
   * Returns whether the image has no transparency.
   *
   * @throws ImageException if it has transparency that cannot be read, as in the other methods
   */
  public boolean isOpaque() {
    return alpha().isEmpty();
  }

  private Optional<AlphaChannel> alpha() {
    if (alpha == null) {
      try {
        alpha = AlphaChannel.read(content, stored.width(), stored.height());
      } catch (ImageException e) {
        throw e.inFile(file);
      }
    }
    return alpha;
  }

  /** Returns the image on white, as most viewers display it; an opaque image is unchanged. */
  public FaceImage onWhite() {
    return on(Color.WHITE);
  }

  /** Returns the image on black, as other viewers display it; an opaque image is unchanged. */
  public FaceImage onBlack() {
    return on(Color.BLACK);
  }

  private FaceImage on(Color ground) {
    return isOpaque() ? stored : FaceImage.of(ImageFile.on(ground, toBufferedImage()));
  }

  /**
   * Copies the image for Java's own imaging.
   *
   * @return a new image, with the transparency of the file; fully transparent pixels are black
   */
  public BufferedImage toBufferedImage() {
    return alpha().map(this::withAlpha).orElseGet(stored::toBufferedImage);
  }

  private BufferedImage withAlpha(AlphaChannel opacities) {
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
