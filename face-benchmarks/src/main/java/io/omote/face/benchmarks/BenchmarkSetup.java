// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** The common input of all benchmarks: two model files, and a face in images of any size. */
final class BenchmarkSetup {
  static final String DETECTOR = "omote.benchmark.detector";
  static final String EMBEDDER = "omote.benchmark.embedder";
  static final String IMAGE = "omote.benchmark.image";

  private BenchmarkSetup() {}

  static FaceModels models() {
    return FaceModels.of(property(DETECTOR), property(EMBEDDER));
  }

  static Path property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("-D" + name + " is missing: run Benchmarks");
    }
    return Path.of(value);
  }

  /** Returns the sample image, scaled. */
  static FaceImage image(int width, int height) {
    return FaceImage.of(scaled(width, height));
  }

  static byte[] jpeg(int width, int height) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream memory = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(scaled(width, height), "jpg", memory);
    }
    return out.toByteArray();
  }

  /** Returns a grid of the sample image with this number of rows and columns. */
  static FaceImage group(int rows, int width, int height) {
    BufferedImage group = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    BufferedImage one = scaled(width / rows, height / rows);
    Graphics2D graphics = group.createGraphics();
    for (int i = 0; i < rows * rows; i++) {
      graphics.drawImage(one, i % rows * one.getWidth(), i / rows * one.getHeight(), null);
    }
    graphics.dispose();
    return FaceImage.of(group);
  }

  private static BufferedImage scaled(int width, int height) {
    BufferedImage source = FaceImage.read(property(IMAGE)).toBufferedImage();
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(source, 0, 0, width, height, null);
    graphics.dispose();
    return scaled;
  }
}
