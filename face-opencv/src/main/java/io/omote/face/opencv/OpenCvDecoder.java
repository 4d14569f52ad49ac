// SPDX-License-Identifier: Apache-2.0
package io.omote.face.opencv;

import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import io.omote.face.internal.engine.NativeFailure;
import io.omote.face.internal.engine.NativeFolder;
import io.omote.face.internal.image.DecodedPixels;
import io.omote.face.internal.image.FileParts;
import io.omote.face.internal.image.HeapRoom;
import io.omote.face.internal.image.ImageHeader;
import io.omote.face.internal.image.NativeDecoder;
import java.nio.file.Path;
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
 * A decoder of images by OpenCV, which is loaded for the first image. Its native memory does not
 * outlive one method.
 *
 * <p>Thread-safe: its only state is that of the process.
 */
public final class OpenCvDecoder implements NativeDecoder {
  private static final Logger log = LoggerFactory.getLogger(OpenCvDecoder.class);

  private static volatile boolean loaded;

  /** The reason why the library could not be loaded. */
  private static @Nullable Throwable failure;

  private static final String UNPACK =
      "it needs a platform that the README lists, its library in the jars of the application, and"
          + " 65 MB in a writable temporary folder from which libraries can be loaded; choose one"
          + " with -Djava.io.tmpdir, or unpack the libraries beforehand and set their folder with -D"
          + NativeFolder.PROPERTY
          + ", and restart the JVM";

  /** Creates the decoder, without loading the library. */
  public OpenCvDecoder() {}

  @Override
  public boolean isLoaded() {
    return loaded;
  }

  /** Loads the native library once, for the first image. */
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
        throw NativeFailure.of(
            "OpenCV, which decodes images, could not be loaded",
            failure,
            OpenCvDecoder::remedy,
            UNPACK);
      }
    }
  }

  private static Optional<String> remedy(Throwable cause) {
    // Other classes may be those of a Java module that the runtime lacks.
    return cause instanceof ClassNotFoundException
            && String.valueOf(cause.getMessage()).matches("(org\\.opencv|nu\\.pattern)\\..*")
        ? Optional.of("add the dependency org.openpnp:opencv, which io.omote:face-opencv needs")
        : Optional.empty();
  }

  private static void load() {
    Optional<Path> folder = NativeFolder.get();
    // The JVM looks for native methods only in libraries of their own class loader.
    boolean isOurs = Core.class.getClassLoader() == OpenCvDecoder.class.getClassLoader();
    if (folder.isPresent() && isOurs) {
      System.load(NativeFolder.require(folder.get(), Core.NATIVE_LIBRARY_NAME).toString());
    } else {
      OpenCV.loadLocally();
      loadCleanUp();
    }
    // A loaded library can still be of no use to these classes: their module may lack native
    // access, or be of another version. It must not look like a damaged image later.
    Core.getVersionString();
  }

  /**
   * Loads the class that deletes the extracted library when the JVM exits. OpenCV's loader would
   * load it only then. A host that has closed its class loader by that time, such as a build tool
   * or an application server, would see an error and keep the 65 MB.
   */
  private static void loadCleanUp() {
    try {
      Class.forName("nu.pattern.OpenCV$TemporaryDirectory$2");
    } catch (ClassNotFoundException e) {
      log.debug("unknown version of OpenCV's loader: {}", e.toString());
    }
  }

  @Override
  public DecodedPixels decode(ImageHeader header, int reduction) {
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
      // In addition to CvException, native code throws an undeclared plain Exception.
      throw isOutOfMemory(e) ? tooLarge(header, e) : header.undecodable(e);
    } finally {
      release(pixels);
      release(file);
    }
  }

  /** Returns whether an exception is OpenCV's or C++'s lack of memory. */
  private static boolean isOutOfMemory(Exception e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("Insufficient memory") || message.contains("bad_alloc");
  }

  private static ImageException tooLarge(ImageHeader header, Exception cause) {
    return new ImageException(
        Reason.TOO_LARGE,
        "an image that fits into the memory of the process outside the Java heap",
        header.size() + ", for which OpenCV could not allocate memory",
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
