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
 * Writes images in the format that the ending of the file's name says. A file holds the pixels and
 * nothing else: no metadata, no preview. Stateless and thread-safe.
 */
public final class ImageFile {
  private static final Map<String, String> FORMATS =
      Map.of("png", "png", "jpg", "jpeg", "jpeg", "jpeg", "bmp", "bmp");

  private static final float JPEG_QUALITY = 0.92f;

  private ImageFile() {}

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
    String name = file.normalize().toString(); // the root has no name
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /**
   * Writes an image.
   *
   * @param image the image; where it is transparent and the format cannot say so, it is laid on
   *     white
   * @param file the file, which must not be there
   * @throws FaceException if it is there
   * @throws IOException if it cannot be written, or the ending is another one
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
   * Encodes an image as PNG, in memory alone.
   *
   * @param image the image
   * @return the content of a file
   */
  public static byte[] png(BufferedImage image) {
    return encode(image, "png");
  }

  /**
   * Never by {@code ImageIO.write} or a stream that ImageIO makes: unless the whole process says
   * otherwise, those keep what they write in a temporary file.
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
      throw new UncheckedIOException(e); // memory alone
    } catch (IndexOutOfBoundsException e) {
      // That of PNG goes on where its memory ends, and hides it by this.
      OutOfMemoryError end = new OutOfMemoryError("where the " + format + " is encoded");
      end.initCause(e);
      throw end;
    } finally {
      writer.dispose();
    }
    return encoded.toByteArray();
  }

  public static BufferedImage on(Color ground, BufferedImage image) {
    BufferedImage shown =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = shown.createGraphics();
    graphics.drawImage(image, 0, 0, ground, null);
    graphics.dispose();
    return shown;
  }
}
