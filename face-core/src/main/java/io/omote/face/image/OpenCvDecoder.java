// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import io.omote.face.ModelException;
import io.omote.face.PictureException;
import nu.pattern.OpenCV;
import org.jspecify.annotations.Nullable;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.imgcodecs.Imgcodecs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes pictures by OpenCV, which is loaded when the first one comes. The only place that uses
 * it: its native memory lives inside one method.
 *
 * <p>Stateless and thread-safe.
 */
final class OpenCvDecoder {
  private static final Logger log = LoggerFactory.getLogger(OpenCvDecoder.class);

  private static volatile boolean loaded;

  private OpenCvDecoder() {}

  /** Whether the library is loaded, so that the next picture does not wait for it. */
  static boolean isLoaded() {
    return loaded;
  }

  /** Loads the native library when the first picture is decoded, once. */
  private static final class Library {
    private static final @Nullable Throwable FAILURE = load();

    private Library() {}

    private static @Nullable Throwable load() {
      try {
        OpenCV.loadLocally();
        loadCleanUp();
        loaded = true;
        return null;
      } catch (LinkageError | RuntimeException e) {
        return e;
      }
    }

    /**
     * At the end of the JVM the loader deletes the library that it extracted, with a class that it
     * loads only then. A host that has closed its class loader by that time, as build tools and
     * application servers do, would see an error and keep the 65 MB.
     */
    private static void loadCleanUp() {
      try {
        Class.forName("nu.pattern.OpenCV$TemporaryDirectory$2");
      } catch (ClassNotFoundException e) {
        log.debug("another version of OpenCV's loader: {}", e.toString());
      }
    }

    static void require() {
      if (FAILURE != null) {
        Throwable root = FAILURE;
        while (root.getCause() != null) {
          root = root.getCause();
        }
        throw new ModelException(
            "expected to load OpenCV, which decodes pictures, found that it cannot be (%s): %s"
                .formatted(root, remedy(root)),
            FAILURE);
      }
    }

    private static String remedy(Throwable root) {
      if (root instanceof IllegalCallerException) {
        return "start the JVM with --enable-native-access=ALL-UNNAMED, on the module path with"
            + " --enable-native-access=com.microsoft.onnxruntime,opencv";
      }
      return "it needs one of the platforms that the README names and 65 MB in a writable"
          + " temporary folder from which libraries may be loaded; choose one with"
          + " -Djava.io.tmpdir and start the JVM again";
    }
  }

  /**
   * Decodes a picture as it is stored.
   *
   * @param header what the file says of itself
   * @param reduction of how many pixels of a row one is made: 1, or of JPEG 2, 4 or 8, too
   * @return the pixels, not turned
   * @throws PictureException if it cannot be decoded
   * @throws ModelException if OpenCV cannot be loaded
   */
  static DecodedPixels decode(ImageHeader header, int reduction) {
    Library.require();
    Mat file = null;
    Mat pixels = null;
    try {
      file = new Mat(1, header.parts().length(), CvType.CV_8U);
      fill(file, header.parts());
      pixels = Imgcodecs.imdecode(file, readMode(reduction) | Imgcodecs.IMREAD_IGNORE_ORIENTATION);
      if (pixels.empty() || pixels.type() != CvType.CV_8UC3) {
        throw header.undecodable(null);
      }
      byte[] bgr =
          new byte[Math.multiplyExact(3, Math.multiplyExact(pixels.cols(), pixels.rows()))];
      pixels.get(0, 0, bgr);
      return new DecodedPixels(bgr, pixels.cols(), pixels.rows());
    } catch (PictureException e) {
      throw e;
    } catch (Exception e) {
      // Besides CvException, native code throws a bare Exception that no signature declares.
      throw header.undecodable(e);
    } finally {
      release(pixels);
      release(file);
    }
  }

  private static int readMode(int reduction) {
    return switch (reduction) {
      case 2 -> Imgcodecs.IMREAD_REDUCED_COLOR_2;
      case 4 -> Imgcodecs.IMREAD_REDUCED_COLOR_4;
      case 8 -> Imgcodecs.IMREAD_REDUCED_COLOR_8;
      default -> Imgcodecs.IMREAD_COLOR;
    };
  }

  private static void fill(Mat mat, FileParts parts) {
    int[] place = {0, 0};
    parts.forEach(
        (file, from, count) -> {
          mat.put(place, file, from, count);
          place[1] += count;
        });
  }

  private static void release(@Nullable Mat mat) {
    if (mat != null) {
      mat.release();
    }
  }
}
