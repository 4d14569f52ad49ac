// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceImage;
import io.omote.face.description.Normalization;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.geometry.Letterbox;
import java.nio.FloatBuffer;
import java.util.Random;
import nu.pattern.OpenCV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

class SamplerTest {
  private static final Sampler RAW = Sampler.rgb(Normalization.IN_GRAPH);

  private static FaceImage random(int width, int height) {
    byte[] bgr = new byte[3 * width * height];
    new Random(42).nextBytes(bgr);
    return FaceImage.ofBgr(bgr, width, height);
  }

  private static float[] letterbox(Sampler sampler, FaceImage image, int width, int height) {
    FloatBuffer out = FloatBuffer.allocate(sampler.planes() * width * height);
    sampler.letterbox(image, Letterbox.fit(image.width(), image.height(), width, height), out);
    return out.array();
  }

  private static float[] warp(Sampler sampler, FaceImage image, AffineMap map, int size) {
    FloatBuffer out = FloatBuffer.allocate(sampler.planes() * size * size);
    sampler.warp(new CropTransform(image, map), size, size, out);
    return out.array();
  }

  @Test
  void letterbox_sameSize_makesPlanesOfRedGreenBlue() {
    FaceImage image = FaceImage.ofBgr(new byte[] {1, 2, 3, 4, 5, 6}, 2, 1);
    assertThat(letterbox(RAW, image, 2, 1)).containsExactly(3, 6, 2, 5, 1, 4);
    assertThat(letterbox(Sampler.bgr(Normalization.IN_GRAPH), image, 2, 1))
        .containsExactly(1, 4, 2, 5, 3, 6);
  }

  @Test
  void letterbox_meanOfEachPlane_isSubtracted_alsoFromThePadding() {
    FaceImage image = FaceImage.ofBgr(new byte[] {110, 120, 125}, 1, 1);
    assertThat(letterbox(Sampler.bgr(104, 117, 123), image, 2, 1))
        .containsExactly(6, -104, 3, -117, 2, -123);
  }

  @Test
  void letterbox_interleaved_hasTheChannelsOfEachPixelTogether() {
    FaceImage image = FaceImage.ofBgr(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 2);
    Sampler sampler = Sampler.interleavedRgb(new Normalization(1, 2));
    assertThat(letterbox(sampler, image, 2, 2))
        .containsExactly(1, .5f, 0, 2.5f, 2, 1.5f, 4, 3.5f, 3, 5.5f, 5, 4.5f);
    assertThat(warp(sampler, image, AffineMap.IDENTITY, 2))
        .isEqualTo(letterbox(sampler, image, 2, 2));
    assertThat(letterbox(sampler, FaceImage.ofBgr(new byte[] {1, 2, 3}, 1, 1), 2, 1))
        .containsExactly(1, .5f, 0, -.5f, -.5f, -.5f);
  }

  @Test
  void warp_interleaved_hasTheNumbersOfThePlanes() {
    FaceImage image = random(20, 10);
    AffineMap map = new AffineMap(1.1, -0.4, -3, 0.4, 1.1, -2);
    float[] planes = warp(RAW, image, map, 16);
    float[] pixels = warp(Sampler.interleavedRgb(Normalization.IN_GRAPH), image, map, 16);
    for (int i = 0; i < pixels.length; i++) {
      assertThat(pixels[i]).isEqualTo(planes[i % 3 * 256 + i / 3]);
    }
  }

  @Test
  void letterbox_normalizes_andPadsWithNormalizedBlack() {
    FaceImage image = FaceImage.ofBgr(new byte[] {(byte) 255, (byte) 255, (byte) 255}, 1, 1);
    float[] planes = letterbox(Sampler.rgb(new Normalization(127.5f, 128)), image, 2, 1);
    assertThat(planes)
        .containsExactly(.99609375f, -.99609375f, .99609375f, -.99609375f, .99609375f, -.99609375f);
  }

  @Test
  void letterbox_halfSize_averagesFourPixels() {
    byte[] bgr = new byte[3 * 16];
    for (int i = 0; i < 16; i++) {
      bgr[3 * i + 2] = (byte) (10 * i);
    }
    float[] planes = letterbox(RAW, FaceImage.ofBgr(bgr, 4, 4), 2, 2);
    // 0, 10, 40, 50 and so on: rows of four.
    assertThat(planes).startsWith(25, 45, 105, 125);
  }

  /** OpenCV's own resize, bit for bit. */
  @ParameterizedTest
  @CsvSource({"250, 250", "970, 2204", "1366, 768", "3, 500", "1, 1", "640, 640", "1280, 1280"})
  void letterbox_likeOpenCv(int width, int height) {
    OpenCV.loadLocally();
    FaceImage image = random(width, height);
    Letterbox fit = Letterbox.fit(width, height, 640, 640);
    float[] planes = letterbox(RAW, image, 640, 640);
    Mat source = mat(image);
    Mat resized = new Mat();
    try {
      Imgproc.resize(source, resized, new Size(fit.width(), fit.height()));
      byte[] expected = new byte[3 * fit.width() * fit.height()];
      resized.get(0, 0, expected);
      int differing = 0;
      for (int y = 0; y < fit.height(); y++) {
        for (int x = 0; x < fit.width(); x++) {
          for (int channel = 0; channel < 3; channel++) {
            int found = (int) planes[(2 - channel) * 640 * 640 + y * 640 + x];
            if (found != (expected[3 * (y * fit.width() + x) + channel] & 0xff)) {
              differing++;
            }
          }
        }
      }
      assertThat(differing).isZero();
    } finally {
      source.release();
      resized.release();
    }
  }

  @Test
  void warp_identity_copies() {
    FaceImage image = FaceImage.ofBgr(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 2);
    assertThat(warp(RAW, image, AffineMap.IDENTITY, 2))
        .containsExactly(3, 6, 9, 12, 2, 5, 8, 11, 1, 4, 7, 10);
  }

  @Test
  void warp_halfPixel_blendsWithBlackOutside() {
    byte white = (byte) 200;
    FaceImage image = FaceImage.ofBgr(new byte[] {white, white, white}, 1, 1);
    AffineMap shifted = new AffineMap(1, 0, -0.5, 0, 1, 0);
    float[] planes = warp(RAW, image, shifted, 2);
    assertThat(planes).startsWith(100, 100, 0, 0);
  }

  @Test
  void warp_gray_weighsChannels() {
    FaceImage image = FaceImage.ofBgr(new byte[] {100, 0, 0, 0, 100, 0, 0, 0, 100, 0, 0, 0}, 2, 2);
    assertThat(warp(Sampler.gray(Normalization.IN_GRAPH), image, AffineMap.IDENTITY, 2))
        .containsExactly(11, 59, 30, 0);
  }

  @Test
  void warp_farAwayOrUndefined_isBlack() {
    for (double shift : new double[] {1e18, -1e18, Double.NaN}) {
      float[] planes = warp(RAW, random(5, 5), new AffineMap(1, 0, shift, 0, 1, shift), 4);
      assertThat(planes).containsOnly(0);
    }
  }

  /** OpenCV places samples on a grid of 1/32 pixel, so single levels differ on noise. */
  @Test
  void warp_likeOpenCv() {
    OpenCV.loadLocally();
    FaceImage image = FaceImage.of(smooth(300, 200));
    double a = 0.8;
    double b = 0.3;
    AffineMap toCrop = new AffineMap(a, -b, -20, b, a, -60);
    float[] planes = warp(RAW, image, toCrop.inverse().orElseThrow(), 112);
    Mat source = mat(image);
    Mat map = new Mat(2, 3, CvType.CV_64F);
    Mat crop = new Mat();
    try {
      map.put(0, 0, a, -b, -20, b, a, -60);
      Imgproc.warpAffine(
          source, crop, map, new Size(112, 112), Imgproc.INTER_LINEAR, 0, new Scalar(0, 0, 0));
      byte[] expected = new byte[3 * 112 * 112];
      crop.get(0, 0, expected);
      double sum = 0;
      for (int i = 0; i < 112 * 112; i++) {
        for (int channel = 0; channel < 3; channel++) {
          sum +=
              Math.abs(planes[(2 - channel) * 112 * 112 + i] - (expected[3 * i + channel] & 0xff));
        }
      }
      assertThat(sum / expected.length).isLessThan(0.25);
    } finally {
      source.release();
      map.release();
      crop.release();
    }
  }

  private static java.awt.image.BufferedImage smooth(int width, int height) {
    java.awt.image.BufferedImage image =
        new java.awt.image.BufferedImage(width, height, java.awt.image.BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = (int) (127 + 100 * Math.sin(x / 17.0));
        int green = (int) (127 + 100 * Math.cos(y / 23.0));
        int blue = (int) (127 + 100 * Math.sin((x + y) / 31.0));
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  private static Mat mat(FaceImage image) {
    byte[] bgr = new byte[3 * image.width() * image.height()];
    image.bgr().get(bgr);
    Mat mat = new Mat(image.height(), image.width(), CvType.CV_8UC3);
    mat.put(0, 0, bgr);
    return mat;
  }

  /** Crops that are not rotated have code of their own. */
  @ParameterizedTest
  @CsvSource({
    "0.7, 3.3, 2.9",
    "1, 0, 0",
    "1, -1, -1",
    "2.6, -20.5, 11.25",
    "0.31, 30, -3",
    "5, -60, -60",
    "1e-3, 39.5, 29.5",
    "1, 500, 0",
    "1, 0, -500",
    "1e300, 0, 0",
    "-1.5, 39, 29"
  })
  void warp_uprightAndTurned_areEqual(double scale, double x0, double y0) {
    byte[] bgr = new byte[3 * 40 * 30];
    new Random(7).nextBytes(bgr);
    FaceImage image = FaceImage.ofBgr(bgr, 40, 30);
    AffineMap upright = AffineMap.scaleThenShift(scale, x0, y0);
    // Too small to move a pixel, but not zero.
    AffineMap turned = new AffineMap(scale, Double.MIN_VALUE, x0, 0, scale, y0);
    assertThat(warp(RAW, image, upright, 25)).isEqualTo(warp(RAW, image, turned, 25));
  }
}
