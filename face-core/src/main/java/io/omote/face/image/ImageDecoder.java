// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import io.omote.face.FaceException;
import io.omote.face.ImageOptions;
import io.omote.face.ImageTooLargeException;
import io.omote.face.InterruptedCallException;
import io.omote.face.NativeLibraryException;
import io.omote.face.UnreadableImageException;
import io.omote.face.UnsupportedFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.BiFunction;
import nu.pattern.OpenCV;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.imgcodecs.Imgcodecs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes picture files to upright 8-bit BGR pixels on the heap. The only place that uses OpenCV:
 * its native memory lives inside one method.
 *
 * <p>Stateless and thread-safe.
 */
public final class ImageDecoder {
  private static final Logger log = LoggerFactory.getLogger(ImageDecoder.class);

  private ImageDecoder() {}

  /** Loads the native library when the first picture is decoded, once. */
  private static final class Library {
    private static final @Nullable Throwable FAILURE = load();

    private Library() {}

    private static @Nullable Throwable load() {
      try {
        OpenCV.loadLocally();
        loadCleanUp();
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
        throw new NativeLibraryException(
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
   * Reads and decodes a file.
   *
   * @param file the file
   * @param options what is accepted
   * @return the pixels
   */
  public static DecodedPixels decode(Path file, ImageOptions options) {
    byte[] encoded = readFile(file, options);
    try {
      return decode(encoded, options);
    } catch (UnreadableImageException e) {
      throw named(e, file, UnreadableImageException::new);
    } catch (UnsupportedFormatException e) {
      throw named(e, file, UnsupportedFormatException::new);
    } catch (ImageTooLargeException e) {
      throw named(e, file, ImageTooLargeException::new);
    }
  }

  private static byte[] readFile(Path file, ImageOptions options) {
    try (InputStream stream = Files.newInputStream(file)) {
      return stream.readNBytes((int) options.maxBytes() + 1);
    } catch (NoSuchFileException e) {
      throw new UnreadableImageException(
          "expected a picture file at %s, found none: check the path".formatted(file), e);
    } catch (IOException e) {
      throw readingFailed("expected a readable picture file at " + file, e);
    } catch (RuntimeException e) {
      // A file system that is closed, or refuses what it does not support.
      throw new UnreadableImageException(
          "expected a readable picture file at %s, found that its file system cannot read it (%s): open the file system, or read the bytes yourself"
              .formatted(file, e),
          e);
    }
  }

  /** The same error, which names the file. */
  private static FaceException named(
      FaceException e, Path file, BiFunction<String, @Nullable Throwable, FaceException> as) {
    return as.apply(file + ": " + e.getMessage(), e.getCause());
  }

  /**
   * Reads a stream to its end, or to just beyond the limit of bytes.
   *
   * @param stream the stream, left open
   * @param options what is accepted
   * @return the bytes
   */
  public static byte[] read(InputStream stream, ImageOptions options) {
    try {
      return stream.readNBytes((int) options.maxBytes() + 1);
    } catch (IOException e) {
      throw readingFailed("expected a readable picture", e);
    }
  }

  private static FaceException readingFailed(String expected, IOException e) {
    // An interrupt closes a file that is being read.
    if (e instanceof ClosedByInterruptException || e instanceof InterruptedIOException) {
      return new InterruptedCallException(expected + ", found an interrupt while reading it", e);
    }
    return new UnreadableImageException(
        expected + ", found that reading it failed: " + e.getMessage(), e);
  }

  /**
   * Decodes a file in memory.
   *
   * @param encoded the whole file
   * @param options what is accepted
   * @return the pixels
   */
  public static DecodedPixels decode(byte[] encoded, ImageOptions options) {
    if (encoded.length > options.maxBytes()) {
      throw new ImageTooLargeException(
          "expected a file of at most %d bytes, found more: raise ImageOptions.maxBytes to accept it"
              .formatted(options.maxBytes()));
    }
    ImageHeader header = ImageHeader.read(encoded, options);
    if (header.width() > options.maxSide()
        || header.height() > options.maxSide()
        || (long) header.width() * header.height() > options.maxPixels()) {
      throw new ImageTooLargeException(
          "expected a picture of at most %d pixels and sides of at most %d, found %dx%d: raise ImageOptions.maxPixels and maxSide to accept it"
              .formatted(options.maxPixels(), options.maxSide(), header.width(), header.height()));
    }
    if (!header.complete() && !options.acceptTruncated()) {
      throw new UnreadableImageException(
          "expected a whole %s file, found one that is cut off after %d bytes: get the file again, or set ImageOptions.acceptTruncated"
              .formatted(header.format(), encoded.length));
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedCallException("expected to decode a picture, found an interrupt");
    }
    if (header.format() == ImageHeader.Format.BMP) {
      byte[] bgr = new BmpFile(encoded).decode();
      return new DecodedPixels(bgr, header.width(), header.height());
    }
    return decodeNatively(header, reduction(header, options));
  }

  /** JPEG is stored in blocks of eight, of which a decoder can make four, two or one pixel. */
  private static int reduction(ImageHeader header, ImageOptions options) {
    if (header.format() != ImageHeader.Format.JPEG || options.reducedDecoding().isEmpty()) {
      return 1;
    }
    int longSide = options.reducedDecoding().getAsInt();
    int reduction = 8;
    while (reduction > 1 && Math.max(header.width(), header.height()) / reduction < longSide) {
      reduction /= 2;
    }
    return reduction;
  }

  private static int readMode(int reduction) {
    return switch (reduction) {
      case 2 -> Imgcodecs.IMREAD_REDUCED_COLOR_2;
      case 4 -> Imgcodecs.IMREAD_REDUCED_COLOR_4;
      case 8 -> Imgcodecs.IMREAD_REDUCED_COLOR_8;
      default -> Imgcodecs.IMREAD_COLOR;
    };
  }

  private static DecodedPixels decodeNatively(ImageHeader header, int reduction) {
    Library.require();
    Mat file = null;
    Mat pixels = null;
    try {
      file = new Mat(1, header.parts().length(), CvType.CV_8U);
      fill(file, header.parts());
      pixels = Imgcodecs.imdecode(file, readMode(reduction) | Imgcodecs.IMREAD_IGNORE_ORIENTATION);
      if (pixels.empty() || pixels.type() != CvType.CV_8UC3) {
        throw damaged(header, null);
      }
      turnUpright(pixels, header.orientation());
      byte[] bgr =
          new byte[Math.multiplyExact(3, Math.multiplyExact(pixels.cols(), pixels.rows()))];
      pixels.get(0, 0, bgr);
      return new DecodedPixels(bgr, pixels.cols(), pixels.rows());
    } catch (UnreadableImageException e) {
      throw e;
    } catch (Exception e) {
      // Besides CvException, native code throws a bare Exception that no signature declares.
      throw damaged(header, e);
    } finally {
      release(pixels);
      release(file);
    }
  }

  private static void fill(Mat mat, FileParts parts) {
    int[] place = {0, 0};
    parts.forEach(
        (file, from, count) -> {
          mat.put(place, file, from, count);
          place[1] += count;
        });
  }

  /** EXIF's eight orientations: four turns, each of them mirrored or not. */
  private static void turnUpright(Mat pixels, int orientation) {
    if (orientation >= 5) {
      Core.transpose(pixels, pixels);
    }
    switch (orientation) {
      case 2, 6 -> Core.flip(pixels, pixels, 1);
      case 3, 7 -> Core.flip(pixels, pixels, -1);
      case 4, 8 -> Core.flip(pixels, pixels, 0);
      default -> {
        // Upright as it is, or by the transposition.
      }
    }
  }

  private static void release(@Nullable Mat mat) {
    if (mat != null) {
      mat.release();
    }
  }

  private static UnreadableImageException damaged(ImageHeader header, @Nullable Exception cause) {
    return new UnreadableImageException(
        "expected a %s picture of %dx%d, found that it cannot be decoded: the file is damaged"
            .formatted(header.format(), header.width(), header.height()),
        cause);
  }
}
