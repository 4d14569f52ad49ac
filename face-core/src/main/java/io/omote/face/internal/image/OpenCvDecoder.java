// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import io.omote.face.ModelException;
import io.omote.face.internal.engine.NativeFolder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import nu.pattern.OpenCV;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.imgcodecs.Imgcodecs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes images by OpenCV, which is loaded when the first one comes. The only place that uses it:
 * its native memory lives inside one method.
 *
 * <p>Stateless and thread-safe.
 */
final class OpenCvDecoder {
  private static final Logger log = LoggerFactory.getLogger(OpenCvDecoder.class);

  private static volatile boolean loaded;

  /** Why the library cannot be loaded. */
  private static @Nullable Throwable failure;

  private static final String UNPACK =
      "it needs one of the platforms that the README names and 65 MB in a writable temporary folder"
          + " from which libraries may be loaded; choose one with -Djava.io.tmpdir, or unpack the"
          + " libraries beforehand and name their folder with -D"
          + NativeFolder.PROPERTY
          + ", and start the JVM again";

  private OpenCvDecoder() {}

  /** Whether the library is loaded, so that the next image does not wait for it. */
  static boolean isLoaded() {
    return loaded;
  }

  /** Loads the native library when the first image is decoded, once. */
  private static void require() {
    if (loaded) {
      return;
    }
    synchronized (OpenCvDecoder.class) {
      if (!loaded && failure == null) {
        try {
          load();
          loaded = true;
        } catch (LinkageError | RuntimeException e) {
          failure = e;
        }
      }
      if (failure != null) {
        throw notLoaded(failure);
      }
    }
  }

  private static void load() {
    Optional<Path> folder = NativeFolder.get();
    // Native methods are looked for in what was loaded by a class of their own class loader.
    boolean isOurs = Core.class.getClassLoader() == OpenCvDecoder.class.getClassLoader();
    if (folder.isPresent() && isOurs) {
      System.load(NativeFolder.require(folder.get(), Core.NATIVE_LIBRARY_NAME).toString());
    } else {
      OpenCV.loadLocally();
      loadCleanUp();
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

  private static ModelException notLoaded(Throwable failure) {
    if (failure instanceof ModelException known) {
      return new ModelException(known.getMessage(), known);
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected to load OpenCV, which decodes images, found that it cannot be (%s): %s",
            root,
            remedy(root)),
        failure);
  }

  private static String remedy(Throwable root) {
    if (root instanceof IllegalCallerException) {
      return "start the JVM with --enable-native-access=ALL-UNNAMED, on the module path with"
          + " --enable-native-access=com.microsoft.onnxruntime,opencv, and with io.omote.face.core"
          + " besides where the libraries were unpacked beforehand";
    }
    if (root instanceof ClassNotFoundException) {
      return "a jar is missing, or this Java runtime lacks a module: install a whole one, or add the"
          + " module to it (jlink --add-modules)";
    }
    return NativeFolder.remedy(root).orElse(UNPACK);
  }

  /**
   * Decodes an image as it is stored.
   *
   * @param header what the file says of itself
   * @param reduction of how many pixels of a row one is made: 1, or of JPEG 2, 4 or 8, too
   * @return the pixels, not turned
   * @throws ImageException if it cannot be decoded, or memory has no room for it
   * @throws ModelException if OpenCV cannot be loaded
   */
  static DecodedPixels decode(ImageHeader header, int reduction) {
    require();
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
          HeapRoom.bytes(
              Math.multiplyExact(3, Math.multiplyExact(pixels.cols(), pixels.rows())),
              header.size());
      pixels.get(0, 0, bgr);
      return new DecodedPixels(bgr, pixels.cols(), pixels.rows());
    } catch (ImageException e) {
      throw e;
    } catch (Exception e) {
      // Besides CvException, native code throws a bare Exception that no signature declares.
      throw isOutOfMemory(e) ? tooLarge(header, e) : header.undecodable(e);
    } finally {
      release(pixels);
      release(file);
    }
  }

  /** OpenCV's own word for it, and that of C++. */
  private static boolean isOutOfMemory(Exception e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("Insufficient memory") || message.contains("bad_alloc");
  }

  private static ImageException tooLarge(ImageHeader header, Exception cause) {
    return new ImageException(
        Reason.TOO_LARGE,
        "an image that fits into the memory that the process has beside the Java heap",
        header.size() + ", for which OpenCV got no memory",
        "give the process or its container more memory, the JVM a smaller heap (-Xmx), or lower"
            + " ImageOptions.maxPixels",
        cause);
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
