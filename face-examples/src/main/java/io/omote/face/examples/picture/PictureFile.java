// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.picture;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes pictures in the format that the ending of the file's name says. A file is there as a whole
 * or not at all. Stateless and thread-safe.
 */
public final class PictureFile {
  private static final Map<String, String> FORMATS =
      Map.of("png", "png", "jpg", "jpeg", "jpeg", "jpeg", "bmp", "bmp");

  private static final float JPEG_QUALITY = 0.92f;

  private PictureFile() {}

  /**
   * Whether the ending of a name is one of a format that is written.
   *
   * @param file the file
   * @return whether it is
   */
  public static boolean isWritable(Path file) {
    return FORMATS.containsKey(ending(file));
  }

  /** The endings of formats that are written. */
  public static List<String> endings() {
    return FORMATS.keySet().stream().sorted().map(ending -> "." + ending).toList();
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /**
   * Writes a picture.
   *
   * @param picture the picture, without transparency
   * @param file the file, which is replaced
   * @throws IOException if it cannot be written, or the ending is another one
   */
  public static void write(BufferedImage picture, Path file) throws IOException {
    String format = FORMATS.get(ending(file));
    if (format == null) {
      throw new IOException(
          "expected a name that ends in one of %s, found %s".formatted(endings(), file));
    }
    // No temporary file of the JDK's: those are for their owner's eyes only, and stay so.
    Path unfinished = file.resolveSibling(".omote-%s.tmp".formatted(UUID.randomUUID()));
    try {
      encode(picture, format, unfinished);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void encode(BufferedImage picture, String format, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    // Of a file that cannot be made, createImageOutputStream would give null.
    try (OutputStream stream = Files.newOutputStream(file);
        ImageOutputStream out = ImageIO.createImageOutputStream(stream)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(JPEG_QUALITY);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), parameters);
    } finally {
      writer.dispose();
    }
  }
}
