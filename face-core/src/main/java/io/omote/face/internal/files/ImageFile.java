// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import io.omote.face.FaceException;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A writer of images, in the format that the extension of the file's name states. A file has only
 * the pixels: no metadata, no preview. Stateless and thread-safe.
 */
public final class ImageFile {
  private static final Map<String, String> FORMATS =
      Map.of("png", "png", "jpg", "jpeg", "jpeg", "jpeg", "bmp", "bmp");

  private static final float JPEG_QUALITY = 0.92f;

  private ImageFile() {}

  /**
   * Returns whether the extension of a name belongs to a format that is written.
   *
   * @param file the file
   * @return whether it does
   */
  public static boolean isWritable(Path file) {
    return FORMATS.containsKey(ending(file));
  }

  /** Returns the extensions of the formats that are written. */
  public static List<String> endings() {
    return FORMATS.keySet().stream().sorted().map(ending -> "." + ending).toList();
  }

  private static String ending(Path file) {
    String name = file.normalize().toString(); // the root has no name
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /**
   * Writes an image.
   *
   * @param image the image; if the format has no transparency, transparent pixels become white
   * @param file the file, which must not exist
   * @throws FaceException if the file exists
   * @throws IOException if it cannot be written, or its extension is not supported
   */
  public static void write(BufferedImage image, Path file) throws IOException {
    String format = FORMATS.get(ending(file));
    if (format == null) {
      throw new IOException(
          String.format(
              Locale.ROOT, "expected a name that ends in one of %s, found %s", endings(), file));
    }
    NewFile.write(file, encode(image, format));
  }

  /**
   * Encodes an image as PNG, in memory only.
   *
   * @param image the image
   * @return the content of the file
   */
  public static byte[] png(BufferedImage image) {
    return encode(image, "png");
  }

  /**
   * Encodes an image as JPEG, in memory only.
   *
   * @param image the image; transparent pixels become white
   * @return the content of the file
   */
  public static byte[] jpeg(BufferedImage image) {
    return encode(image, "jpeg");
  }

  /**
   * Encodes without {@code ImageIO.write} and streams that ImageIO makes: by default those put what
   * they write into a temporary file.
   */
  private static byte[] encode(BufferedImage image, String format) {
    boolean laidOnWhite = !format.equals("png") && image.getColorModel().hasAlpha();
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(encoded)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(JPEG_QUALITY);
      }
      writer.setOutput(out);
      BufferedImage shown = laidOnWhite ? on(Color.WHITE, image) : image;
      writer.write(null, new IIOImage(shown, null, null), parameters);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not in memory
    } catch (IndexOutOfBoundsException e) {
      // The PNG writer continues after its memory is exhausted, and then fails with this.
      OutOfMemoryError end = new OutOfMemoryError("while the " + format + " was encoded");
      end.initCause(e);
      throw end;
    } finally {
      writer.dispose();
    }
    return encoded.toByteArray();
  }

  /** Returns a copy of an image on a ground of one color. */
  public static BufferedImage on(Color ground, BufferedImage image) {
    BufferedImage shown =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = shown.createGraphics();
    graphics.drawImage(image, 0, 0, ground, null);
    graphics.dispose();
    return shown;
  }
}
