// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import io.omote.face.ImageOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reading of headers before all decoders. */
class ImageHeaderTest {

  @ParameterizedTest
  @CsvSource({
    "GIF, 474946383961",
    "TIFF, 49492a0008000000",
    "TIFF, 4d4d002a00000008",
    "HEIC, 000000186674797068656963",
    "HEIC, 00000018667479706d696631",
    "AVIF, 000000186674797061766966",
    "AVIF, 0000001c667479706d696631000000006d69663161766966",
    "AVIF, 0000001c667479706d736631000000006176697368656963",
    "HEIC, 0000001c667479706d696631000000006d69663168656963",
    "another HEIF, 00000014667479706d696631000000006d696631",
    "Canon CR3, 00000018667479706372782000000001",
    "MP4, 0000001866747970697334a0",
    "JPEG 2000, 0000000c6a5020200d0a870a",
    "JPEG 2000, ff4fff51002f",
    "JPEG XL, ff0a00000000",
    "JPEG XL, 0000000c4a584c200d0a870a",
    "JPEG XR, 4949bc01",
    "Radiance HDR, 233f52414449414e43450a",
    "OpenEXR, 762f310102000000",
    "Sun raster, 59a66a9500000001",
    "PNM, 50360a31203120323535",
    "PFM, 50460a312031",
    "Photoshop, 384250530001",
    "icon, 00000100010010",
    "PDF, 255044462d312e37",
    "SVG, 3c73766720786d6c6e73",
    "HTML, 3c21444f43545950452068746d6c3e",
    "JPEG-LS, ffd8fff7000b08001000180111000000",
    "lossless, ffd8ffc3000b08001000180111000000",
    "12 bits, ffd8ffc1000b0c001000180111000000",
    "something else, 00112233445566778899",
    "something else, 42"
  })
  void read_otherFormat_isRefusedByName(String name, String hex) {
    byte[] file = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
        .hasMessageStartingWith("expected " + NativeDecoders.formats() + ", found ")
        .hasMessageContaining(name)
        .hasMessageContaining("convert");
  }

  @Test
  void read_empty() {
    assertThatThrownBy(() -> FaceImage.read(new byte[0]))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "bmp"})
  void read_anyPrefix_isIncomplete(String format) {
    byte[] whole = Fixtures.write(Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR), format);
    ImageHeader header = ImageHeader.read(whole, ImageOptions.defaults());
    assertThat(header.complete()).isTrue();
    assertThat(header.width()).isEqualTo(24);
    assertThat(header.height()).isEqualTo(16);
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> FaceImage.read(cut))
          .isInstanceOfSatisfying(
              ImageException.class,
              e -> assertThat(e.reason()).isIn(Reason.DAMAGED, Reason.UNSUPPORTED_FORMAT));
    }
  }

  @Test
  void read_jpegEndMarkerInsideASegment_doesNotCount() {
    byte[] whole = Fixtures.write(Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR), "jpg");
    byte[] thumbnail = {(byte) 0xff, (byte) 0xe2, 0, 4, (byte) 0xff, (byte) 0xd9};
    byte[] file = Fixtures.insert(whole, 2, thumbnail);
    assertThat(ImageHeader.read(file, ImageOptions.defaults()).complete()).isTrue();
    assertThat(
            ImageHeader.read(Arrays.copyOf(file, file.length - 2), ImageOptions.defaults())
                .complete())
        .isFalse();
  }

  @Test
  void read_jpegFrameOfAWrongLength_isRefused() {
    byte[] whole = Fixtures.write(Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR), "jpg");
    int frame = 0;
    while (whole[frame] != (byte) 0xff || whole[frame + 1] != (byte) 0xc0) {
      frame++;
    }
    for (int length : new int[] {1, 8, 16, 18}) {
      byte[] file = whole.clone();
      file[frame + 3] = (byte) length;
      assertThatThrownBy(() -> FaceImage.read(file))
          .satisfies(fault(Reason.DAMAGED))
          .hasMessageContaining("frame header");
    }
  }

  @Test
  void read_pngWithADecoyBeforeItsHeader_isRefused() {
    // libpng skips the private chunk; the actual size comes later.
    byte[] file =
        ByteBuffer.allocate(400)
            .put(Fixtures.pngStart())
            .put(Fixtures.chunk("abCd", new byte[] {0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0}))
            .put(Fixtures.pngHeader(20_000, 20_000, 8, 2))
            .array();
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContaining("begin with its header");
  }

  @Test
  void read_hugeImage_isRefusedFromItsHeader() {
    byte[] file = Fixtures.bomb();
    assertThat(file.length).isBetween(1_100_000, 1_300_000);
    assertThat(ImageHeader.read(file, ImageOptions.defaults()).complete()).isTrue();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    long start = threads.getCurrentThreadCpuTime();
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.TOO_LARGE))
        .hasMessageContaining("20000x20000")
        .hasMessageContaining("50000000 pixels");
    long duration = threads.getCurrentThreadCpuTime() - start;
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    System.out.println(
        "refused " + file.length + " bytes in " + duration / 1000 + " us, " + allocated + " bytes");
    // Decoding takes seconds and 1.2 GB. The time is the CPU time of this thread, which does
    // not depend on other work.
    assertThat(allocated).isLessThan(2_000_000);
    assertThat(Duration.ofNanos(duration)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void read_overALimit() {
    byte[] file = Fixtures.write(Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR), "png");
    ImageOptions options = ImageOptions.defaults();
    for (ImageOptions tight :
        new ImageOptions[] {
          options.withMaxSide(23), options.withMaxPixels(383), options.withMaxBytes(file.length - 1)
        }) {
      assertThatThrownBy(() -> FaceImage.read(file, tight))
          .satisfies(fault(Reason.TOO_LARGE))
          .hasMessageContaining("ImageOptions");
      assertThatThrownBy(() -> FaceImage.read(new ByteArrayInputStream(file), tight))
          .satisfies(fault(Reason.TOO_LARGE));
    }
    ImageOptions exact = options.withMaxSide(24).withMaxPixels(384).withMaxBytes(file.length);
    assertThat(FaceImage.read(file, exact).width()).isEqualTo(24);
  }

  @Test
  void read_endlessStream_stopsAtTheLimit() {
    InputStream endless =
        new InputStream() {
          private long given;

          @Override
          public int read() {
            if (++given > 2_000_000) {
              throw new AssertionError("read beyond the limit");
            }
            return 0xff;
          }
        };
    ImageOptions options = ImageOptions.defaults().withMaxBytes(1_000_000);
    assertThatThrownBy(() -> FaceImage.read(endless, options)).satisfies(fault(Reason.TOO_LARGE));
  }

  @Test
  void read_failingStream() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the line is dead");
          }
        };
    assertThatThrownBy(() -> FaceImage.read(failing))
        .satisfies(fault(Reason.UNREADABLE))
        .hasMessageContaining("the line is dead");
  }

  @Test
  void read_sizesOfNothing() {
    byte[] png = ByteBuffer.allocate(100).put(Fixtures.pngStart()).array();
    System.arraycopy(Fixtures.pngHeader(0, 5, 8, 2), 0, png, 8, 25);
    assertThatThrownBy(() -> FaceImage.read(png)).satisfies(fault(Reason.DAMAGED));
    byte[] bmp = Fixtures.write(Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR), "bmp");
    ByteBuffer.wrap(bmp).putInt(22, 0x00000080); // the height -2^31, little-endian
    assertThatThrownBy(() -> FaceImage.read(bmp)).satisfies(fault(Reason.DAMAGED));
    byte[] riff = "RIFF\4\0\0\0WEBPVP9 ".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> FaceImage.read(riff)).satisfies(fault(Reason.DAMAGED));
  }
}
