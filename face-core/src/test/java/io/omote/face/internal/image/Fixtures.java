// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import nu.pattern.OpenCV;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.imgcodecs.Imgcodecs;

/** Image files for tests, written by ImageIO if possible, otherwise byte by byte. */
final class Fixtures {
  private Fixtures() {}

  /** Returns 24 x 16 pixels: red, green in the upper half, blue, white in the lower half. */
  static BufferedImage quarters(int type) {
    BufferedImage image = new BufferedImage(24, 16, type);
    Graphics2D graphics = image.createGraphics();
    Color[] colors = {Color.RED, Color.GREEN, Color.BLUE, Color.WHITE};
    for (int i = 0; i < colors.length; i++) {
      graphics.setColor(colors[i]);
      graphics.fillRect(i % 2 * 12, i / 2 * 8, 12, 8);
    }
    graphics.dispose();
    return image;
  }

  static byte[] write(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new AssertionError("no writer of " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Returns a JPEG of the best quality, which keeps flat colors within a few levels. */
  static byte[] jpeg(BufferedImage image, boolean progressive) {
    return jpeg(new IIOImage(image, null, null), progressive);
  }

  /** Returns a JPEG of four unconverted components, with Adobe's marker for their meaning. */
  static byte[] jpegOfFour(WritableRaster raster, int adobeTransform) {
    byte[] plain = jpeg(new IIOImage(raster, null, null), false);
    return insert(plain, 2, adobe(adobeTransform));
  }

  /** Returns Adobe's segment of a JPEG, which declares the meaning of its components. */
  static byte[] adobe(int transform) {
    return new byte[] {
      (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform
    };
  }

  private static byte[] jpeg(IIOImage image, boolean progressive) {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
    ImageWriter writer = writers.next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      ImageWriteParam options = writer.getDefaultWriteParam();
      options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      options.setCompressionQuality(1);
      options.setProgressiveMode(
          progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
      writer.setOutput(stream);
      writer.write(null, image, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** Inserts an EXIF segment with an orientation after the start of a JPEG. */
  static byte[] withExifOrientation(byte[] jpeg, int orientation) {
    ByteBuffer segment = ByteBuffer.allocate(36);
    segment.put((byte) 0xff).put((byte) 0xe1).putShort((short) 34);
    segment.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(tiff(orientation));
    return insert(jpeg, 2, segment.array());
  }

  /** Returns the TIFF structure of EXIF with one entry: the orientation. */
  static byte[] tiff(int orientation) {
    ByteBuffer tiff = ByteBuffer.allocate(26);
    tiff.put("MM\0*".getBytes(StandardCharsets.ISO_8859_1)).putInt(8).putShort((short) 1);
    tiff.putShort((short) 0x112).putShort((short) 3).putInt(1);
    tiff.putShort((short) orientation).putShort((short) 0).putInt(0);
    return tiff.array();
  }

  /** Returns a PNG of {@code rows} that have a filter byte each and are not compressed yet. */
  static byte[] png(int width, int height, int depth, int colorType, byte[] rows, byte[]... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(pngStart());
    out.writeBytes(pngHeader(width, height, depth, colorType));
    for (byte[] chunk : more) {
      out.writeBytes(chunk);
    }
    out.writeBytes(chunk("IDAT", deflate(rows)));
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  static byte[] pngStart() {
    return "\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] pngHeader(int width, int height, int depth, int colorType) {
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) depth).put((byte) colorType);
    return chunk("IHDR", header.array());
  }

  static byte[] chunk(String name, byte[] data) {
    CRC32 checksum = new CRC32();
    checksum.update(name.getBytes(StandardCharsets.US_ASCII));
    checksum.update(data);
    return ByteBuffer.allocate(data.length + 12)
        .putInt(data.length)
        .put(name.getBytes(StandardCharsets.US_ASCII))
        .put(data)
        .putInt((int) checksum.getValue())
        .array();
  }

  static byte[] deflate(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * A whole black PNG of 20000x20000 pixels in 1.2 MB, that would decode to 1.2 GB: one thousandth
   * of it compressed, a thousand times.
   */
  static byte[] bomb() {
    byte[] twentyRows = new byte[20 * (1 + 3 * 20_000)];
    byte[] compressed = new byte[100_000];
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(twentyRows);
    int length = deflater.deflate(compressed, 0, compressed.length, Deflater.FULL_FLUSH);
    deflater.end();
    ByteBuffer data = ByteBuffer.allocate(2 + 1000 * length + 5 + 4);
    data.put((byte) 0x78).put((byte) 0xda);
    for (int i = 0; i < 1000; i++) {
      data.put(compressed, 0, length);
    }
    // An empty last block, and the Adler-32 of zeros.
    data.put(new byte[] {1, 0, 0, -1, -1});
    data.putShort((short) (1000L * twentyRows.length % 65_521)).putShort((short) 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(pngStart());
    out.writeBytes(pngHeader(20_000, 20_000, 8, 2));
    out.writeBytes(chunk("IDAT", data.array()));
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  /** Returns a WebP by OpenCV's own writer; a quality above 100 is lossless. */
  static byte[] webp(byte[] source, int mode, int quality) {
    return encoded(".webp", source, mode, Imgcodecs.IMWRITE_WEBP_QUALITY, quality);
  }

  /** Returns another file as OpenCV converts it with its options. */
  static byte[] encoded(String ending, byte[] source, int mode, int... settings) {
    OpenCV.loadLocally();
    MatOfByte in = new MatOfByte(source);
    Mat pixels = Imgcodecs.imdecode(in, mode);
    MatOfByte out = new MatOfByte();
    MatOfInt options = new MatOfInt(settings);
    try {
      Imgcodecs.imencode(ending, pixels, out, options);
      return out.toArray();
    } finally {
      in.release();
      pixels.release();
      out.release();
      options.release();
    }
  }

  /** Returns a WebP in the extended container: flags, size, the chunk of the image, more chunks. */
  static byte[] extendedWebp(byte[] simpleWebp, int flags, int width, int height, byte[]... more) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("WEBP".getBytes(StandardCharsets.US_ASCII));
    ByteBuffer extended = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    extended.putInt(flags).putInt(width - 1).position(7).putShort((short) (height - 1));
    body.writeBytes(riffChunk("VP8X", extended.array()));
    body.write(simpleWebp, 12, simpleWebp.length - 12);
    for (byte[] chunk : more) {
      body.writeBytes(chunk);
    }
    return riffChunk("RIFF", body.toByteArray());
  }

  static byte[] riffChunk(String name, byte[] data) {
    int padded = data.length + data.length % 2;
    return ByteBuffer.allocate(8 + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(name.getBytes(StandardCharsets.US_ASCII))
        .putInt(data.length)
        .put(data)
        .array();
  }

  static byte[] insert(byte[] file, int at, byte[] bytes) {
    return ByteBuffer.allocate(file.length + bytes.length)
        .put(file, 0, at)
        .put(bytes)
        .put(file, at, file.length - at)
        .array();
  }
}
