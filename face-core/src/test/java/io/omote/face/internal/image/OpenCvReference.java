// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.io.ByteArrayOutputStream;
import nu.pattern.OpenCV;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;

/** OpenCV's own pixels of a file, as it is stored: what our decoders must give. */
final class OpenCvReference {
  private OpenCvReference() {}

  /** Returns the pixels of a whole file, none if OpenCV refuses it. */
  static DecodedPixels decode(byte[] file) {
    OpenCV.loadLocally();
    MatOfByte encoded = new MatOfByte(file);
    Mat pixels =
        Imgcodecs.imdecode(encoded, Imgcodecs.IMREAD_COLOR | Imgcodecs.IMREAD_IGNORE_ORIENTATION);
    try {
      byte[] bgr = new byte[3 * pixels.cols() * pixels.rows()];
      if (bgr.length > 0) {
        pixels.get(0, 0, bgr);
      }
      return new DecodedPixels(bgr, pixels.cols(), pixels.rows());
    } finally {
      pixels.release();
      encoded.release();
    }
  }

  /** Returns the pixels of what a header keeps of its file, none if OpenCV refuses it. */
  static byte[] bgr(ImageHeader header) {
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    header.parts().forEach(parts::write);
    return decode(parts.toByteArray()).bgr();
  }
}
