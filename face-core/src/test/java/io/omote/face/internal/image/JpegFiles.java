// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** JPEG files of every sampling, by the JDK's encoder. */
final class JpegFiles {
  /** The sampling of each component: columns and rows as two digits. */
  static final List<int[]> SAMPLINGS =
      List.of(
          new int[] {11, 11, 11},
          new int[] {21, 11, 11},
          new int[] {22, 11, 11},
          new int[] {12, 11, 11},
          new int[] {41, 11, 11},
          new int[] {42, 11, 11},
          new int[] {14, 11, 11},
          new int[] {24, 11, 11},
          new int[] {31, 11, 11},
          new int[] {22, 21, 21},
          new int[] {22, 12, 12},
          new int[] {11, 22, 22},
          new int[] {11, 21, 21},
          new int[] {21, 22, 11},
          new int[] {22, 21, 12},
          new int[] {22, 11, 22});

  private JpegFiles() {}

  /** Edges and noise, so that any difference in arithmetic shows. */
  static WritableRaster lively(int width, int height, int bands) {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, bands, null);
    Random random = new Random(width * 31L + height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < bands; band++) {
          boolean noisy = (x / 5 + y / 3) % 2 == 0;
          int smooth = x * y * (band + 1) & 0x3f;
          raster.setSample(x, y, band, noisy ? random.nextInt(256) : smooth);
        }
      }
    }
    return raster;
  }

  /** Returns a sequential file of three components in one scan. */
  static byte[] baseline(int width, int height, int[] samplings, float quality) {
    return encode(width, height, samplings, quality, ImageWriteParam.MODE_DISABLED);
  }

  /** Returns a progressive file of three components in the usual ten scans. */
  static byte[] progressive(int width, int height, int[] samplings, float quality) {
    return encode(width, height, samplings, quality, ImageWriteParam.MODE_DEFAULT);
  }

  private static byte[] encode(int width, int height, int[] samplings, float quality, int mode) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      ImageWriteParam options = writer.getDefaultWriteParam();
      options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      options.setCompressionQuality(quality);
      options.setProgressiveMode(mode);
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
      WritableRaster samples = lively(width, height, 3);
      image.getRaster().setRect(samples);
      IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), options);
      Element root = (Element) metadata.getAsTree(metadata.getNativeMetadataFormatName());
      setSamplings(root, samplings);
      metadata.setFromTree(metadata.getNativeMetadataFormatName(), root);
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, metadata), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  private static void setSamplings(Element root, int[] samplings) {
    NodeList components = root.getElementsByTagName("componentSpec");
    for (int i = 0; i < samplings.length; i++) {
      Element component = (Element) components.item(i);
      component.setAttribute("HsamplingFactor", Integer.toString(samplings[i] / 10));
      component.setAttribute("VsamplingFactor", Integer.toString(samplings[i] % 10));
    }
  }
}
