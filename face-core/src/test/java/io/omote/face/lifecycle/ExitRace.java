// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.GeneratedModels;
import io.omote.face.description.EmbedderModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import javax.imageio.ImageIO;

/**
 * Ends the JVM by {@link System#exit} while threads load models, run them or decode images.
 * Arguments: a folder, what the threads do ({@code load}, {@code run} or {@code decode}), after how
 * many milliseconds the JVM ends.
 */
final class ExitRace {
  private static final int THREADS = 8;
  private static final int EXIT_CODE = 42;

  private ExitRace() {}

  public static void main(String[] arguments) throws Exception {
    EmbedderModel model = GeneratedModels.embedder(Path.of(arguments[0]));
    FaceEmbedder embedder = FaceEmbedder.builder(model).threads(2).build();
    FaceImage crop = FaceImage.ofBgr(new byte[3 * 112 * 112], 112, 112);
    byte[] jpeg = jpeg();
    FaceImage.read(jpeg);
    Runnable work =
        switch (arguments[1]) {
          case "load" -> () -> FaceEmbedder.builder(model).build().close();
          case "run" -> () -> embedder.embedAligned(crop);
          case "decode" -> () -> FaceImage.read(jpeg);
          default -> throw new IllegalArgumentException(arguments[1]);
        };
    CountDownLatch once = new CountDownLatch(THREADS);
    for (int i = 0; i < THREADS; i++) {
      new Thread(
              () -> {
                work.run();
                once.countDown();
                while (true) {
                  work.run();
                }
              })
          .start();
    }
    once.await();
    Thread.sleep(Long.parseLong(arguments[2]));
    System.exit(EXIT_CODE);
  }

  private static byte[] jpeg() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(1600, 1200, BufferedImage.TYPE_3BYTE_BGR), "jpg", out);
    return out.toByteArray();
  }
}
