// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceImage;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting callers need no memory, because a call decodes its image only after it gets its turn. */
class MemoryTest {
  @TempDir Path folder;

  /** Two concurrent calls hold 72 MB of pixels each; all 16 would not fit. */
  @Test
  void compare_largeImagesOf16Threads_inASmallHeap() throws Exception {
    List<String> options = List.of("-Xmx512m", "-XX:ActiveProcessorCount=2");
    try (ForkedJvm jvm =
        ForkedJvm.start(folder, options, LargeUploads.class, photoOf24Megapixels())) {
      assertThat(jvm.outputAfterSuccess())
          .contains("16 answers, 1 different")
          .doesNotContain("OutOfMemoryError");
    }
  }

  private Path photoOf24Megapixels() throws IOException {
    FaceImage sample = FaceImage.read(Path.of("../samples/grace_hopper.jpg"));
    BufferedImage photo = new BufferedImage(6000, 4000, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = photo.createGraphics();
    graphics.drawImage(sample.toBufferedImage(), 1500, 0, 3000, 4000, null);
    graphics.dispose();
    Path file = folder.resolve("photo.jpg");
    ImageIO.write(photo, "jpg", file.toFile());
    return file;
  }
}
