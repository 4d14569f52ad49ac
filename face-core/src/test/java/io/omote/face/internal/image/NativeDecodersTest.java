// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static io.omote.face.Faults.fault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceImage;
import io.omote.face.ImageException.Reason;
import io.omote.face.ImageOptions;
import io.omote.face.ModelException;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opencv.imgcodecs.Imgcodecs;

/** An application without face-opencv. Broken ones are in GuestTest. */
class NativeDecodersTest {
  private static final BufferedImage QUARTERS = Fixtures.quarters(BufferedImage.TYPE_3BYTE_BGR);
  private static final byte[] PNG = Fixtures.write(QUARTERS, "png");
  private static final byte[] WEBP = Fixtures.webp(PNG, Imgcodecs.IMREAD_COLOR, 101);

  @Test
  void read_webp_isRefusedWithTheDependencyToAdd() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> FaceImage.read(WEBP))
          .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
          .hasMessage(
              "expected a JPEG, PNG or BMP image, found a WebP image of 24x16: add the dependency"
                  + " io.omote:face-opencv, or convert the file to one of these formats");
    }
  }

  @Test
  void read_webp_whatIsWrongWithItComesFirst() {
    assertThatThrownBy(() -> FaceImage.read(WEBP, ImageOptions.defaults().withMaxSide(23)))
        .satisfies(fault(Reason.TOO_LARGE));
    byte[] cut = Arrays.copyOf(WEBP, WEBP.length - 2);
    assertThatThrownBy(() -> FaceImage.read(cut)).satisfies(fault(Reason.DAMAGED));
    byte[] animated = Fixtures.extendedWebp(WEBP, 2, 24, 16);
    assertThatThrownBy(() -> FaceImage.read(animated))
        .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
        .hasMessageStartingWith("expected a JPEG, PNG or BMP image, found an animated WebP: ");
  }

  /** Of a sampling that the JDK decodes to other pixels than OpenCV. */
  @Test
  void read_jpegOfARareKind_isRefusedWithTheDependencyToAdd() {
    byte[] file =
        Fixtures.encoded(
            ".jpg",
            PNG,
            Imgcodecs.IMREAD_COLOR,
            Imgcodecs.IMWRITE_JPEG_SAMPLING_FACTOR,
            Integer.decode("0x121111"));
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
        .hasMessageContainingAll(
            "a JPEG image", "24x16", "io.omote:face-opencv", "convert the file to PNG");
  }

  @Test
  void read_cutJpegWhereAccepted_isRefusedWithTheDependencyToAdd() {
    byte[] whole = Fixtures.jpeg(QUARTERS, false);
    byte[] cut = Arrays.copyOf(whole, whole.length - 6);
    ImageOptions truncated = ImageOptions.defaults().withAcceptTruncated(true);
    assertThatThrownBy(() -> FaceImage.read(cut, truncated))
        .satisfies(fault(Reason.UNSUPPORTED_FORMAT))
        .hasMessageContainingAll("cut off (24x16)", "io.omote:face-opencv");
  }

  /** What the JDK's decoder continues after, and says so. */
  @Test
  void read_damagedJpeg_saysThatTheDependencyMayReadTheRest() {
    byte[] file =
        Fixtures.jpeg(JdkJpegDecoderTest.lively(64, 48, BufferedImage.TYPE_3BYTE_BGR), false);
    Arrays.fill(file, file.length - 900, file.length - 600, (byte) 0);
    assertThatThrownBy(() -> FaceImage.read(file))
        .satisfies(fault(Reason.DAMAGED))
        .hasMessageContainingAll("the JDK's decoder rejects (Corrupt", "io.omote:face-opencv");
  }

  @Test
  void read_cutFile_namesTheDependencyOnlyWhereItHelps() {
    for (byte[] file : List.of(WEBP, Fixtures.jpeg(QUARTERS, false))) {
      byte[] cut = Arrays.copyOf(file, file.length - 6);
      assertThatThrownBy(() -> FaceImage.read(cut))
          .satisfies(fault(Reason.DAMAGED))
          .hasMessageEndingWith(
              ": download the file again, or set ImageOptions.acceptTruncated and add the"
                  + " dependency io.omote:face-opencv");
    }
    for (byte[] file : List.of(PNG, Fixtures.write(QUARTERS, "bmp"))) {
      byte[] cut = Arrays.copyOf(file, file.length - 6);
      assertThatThrownBy(() -> FaceImage.read(cut))
          .satisfies(fault(Reason.DAMAGED))
          .hasMessageEndingWith(": download the file again, or set ImageOptions.acceptTruncated");
    }
  }

  /** All JPEG files, so that the first image shows what is missing; other formats are as ever. */
  @Test
  void read_reduced_saysWhatIsMissing() {
    ImageOptions reduced = ImageOptions.defaults().withReducedDecoding(1000);
    byte[] small = Fixtures.jpeg(QUARTERS, false);
    assertThatThrownBy(() -> FaceImage.read(small, reduced))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll("withReducedDecoding", "io.omote:face-opencv", "full size");
    assertThat(FaceImage.read(Fixtures.write(QUARTERS, "bmp"), reduced).width()).isEqualTo(24);
  }

  @Test
  void withReducedDecoding_takesAPositiveSide() {
    ImageOptions reduced = ImageOptions.defaults().withReducedDecoding(1000);
    assertThat(ImageOptions.defaults().reducedDecoding()).isEmpty();
    assertThat(reduced.reducedDecoding()).hasValue(1000);
    assertThatThrownBy(() -> reduced.withReducedDecoding(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 0");
  }
}
