// SPDX-License-Identifier: Apache-2.0
package io.omote.face.image;

import io.omote.face.ImageOptions;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.PictureException;
import io.omote.face.PictureException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
 *
 * @hidden
 */
public final class ImageDecoder {
  private static final Logger log = LoggerFactory.getLogger(ImageDecoder.class);
  private static final String READABLE = "a readable picture";

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
    } catch (PictureException e) {
      throw e.inFile(file);
    }
  }

  private static byte[] readFile(Path file, ImageOptions options) {
    try (InputStream stream = Files.newInputStream(file)) {
      return stream.readNBytes((int) options.maxBytes() + 1);
    } catch (NoSuchFileException e) {
      throw unreadable("none", "check the path", e).inFile(file);
    } catch (IOException e) {
      throwIfInterrupted("%s: expected %s".formatted(file, READABLE), e);
      throw readingFailed(e).inFile(file);
    } catch (RuntimeException e) {
      // A file system that is closed, or refuses what it does not support.
      throw unreadable(
              "that its file system cannot read it (%s)".formatted(e),
              "open the file system, or read the bytes yourself",
              e)
          .inFile(file);
    }
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
      throwIfInterrupted("expected " + READABLE, e);
      throw readingFailed(e);
    }
  }

  private static void throwIfInterrupted(String expected, IOException e) {
    // An interrupt closes a file that is being read.
    if (e instanceof ClosedByInterruptException || e instanceof InterruptedIOException) {
      throw new InterruptedCallException(expected + ", found an interrupt while reading it", e);
    }
  }

  private static PictureException readingFailed(IOException e) {
    return unreadable(
        "that reading it failed (%s)".formatted(e.getMessage()), "check that it can be read", e);
  }

  private static PictureException unreadable(String found, String remedy, Exception cause) {
    return new PictureException(Reason.UNREADABLE, READABLE, found, remedy, cause);
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
      throw ImageHeader.tooLarge(
          "a file of at most %d bytes".formatted(options.maxBytes()), "maxBytes");
    }
    ImageHeader header = ImageHeader.read(encoded, options);
    if (header.width() > options.maxSide()
        || header.height() > options.maxSide()
        || (long) header.width() * header.height() > options.maxPixels()) {
      throw new PictureException(
          Reason.TOO_LARGE,
          "a picture of at most %d pixels and sides of at most %d"
              .formatted(options.maxPixels(), options.maxSide()),
          "%dx%d".formatted(header.width(), header.height()),
          "raise ImageOptions.maxPixels and maxSide to accept it",
          null);
    }
    if (!header.complete() && !options.acceptTruncated()) {
      throw new PictureException(
          Reason.DAMAGED,
          "a whole %s file".formatted(header.format()),
          "one that is cut off after %d bytes".formatted(encoded.length),
          "get the file again, or set ImageOptions.acceptTruncated",
          null);
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
    } catch (PictureException e) {
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

  private static PictureException damaged(ImageHeader header, @Nullable Exception cause) {
    return new PictureException(
        Reason.DAMAGED,
        "a %s picture of %dx%d".formatted(header.format(), header.width(), header.height()),
        "that it cannot be decoded",
        "the file is damaged",
        cause);
  }
}
