// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.FaceException;
import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import io.omote.face.ImageOptions;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A decoder of image files, to upright 8-bit BGR pixels on the heap.
 *
 * <p>Stateless and thread-safe.
 */
public final class ImageDecoder {
  private static final Logger log = LoggerFactory.getLogger(ImageDecoder.class);
  private static final String READABLE = "a readable image";

  /** The size of the first buffer, which holds most images of a stream. */
  private static final int FIRST_BYTES = 1 << 16;

  /**
   * The number of bytes of one read. A stream of a file allocates native memory of this size, which
   * older JDKs, such as 17, keep as long as the thread lives.
   */
  private static final int PIECE_BYTES = 1 << 16;

  private ImageDecoder() {}

  /**
   * Reads and decodes a file.
   *
   * @param file the file
   * @param options the options
   * @return the pixels
   */
  public static DecodedPixels decode(Path file, ImageOptions options) {
    byte[] encoded = readFile(file, options);
    try {
      return decode(encoded, options);
    } catch (ImageException e) {
      throw e.inFile(file);
    }
  }

  private static byte[] readFile(Path file, ImageOptions options) {
    try (InputStream stream = Files.newInputStream(file)) {
      return readAll(stream, Files.size(file), options);
    } catch (ImageException e) {
      throw e.inFile(file);
    } catch (NoSuchFileException e) {
      throw unreadable("no file", "check the path", e).inFile(file);
    } catch (AccessDeniedException e) {
      throw unreadable("one that this user may not read", "check its permissions", e).inFile(file);
    } catch (IOException e) {
      throwIfInterrupted(file + ": ", e);
      throw readingFailed(e).inFile(file);
    } catch (RuntimeException e) {
      // The file system is closed, or does not support an operation.
      throw unreadable(
              String.format(Locale.ROOT, "a file system that cannot read it (%s)", e),
              "open the file system, or read the bytes yourself",
              e)
          .inFile(file);
    }
  }

  /**
   * Reads a stream to its end, or to one byte beyond the limit.
   *
   * @param stream the stream, which stays open
   * @param options the options
   * @return the bytes
   */
  public static byte[] read(InputStream stream, ImageOptions options) {
    try {
      return readAll(stream, 0, options);
    } catch (IOException e) {
      throwIfInterrupted("", e);
      throw readingFailed(e);
    }
  }

  /**
   * Reads to the end, or to one byte beyond the limit.
   *
   * @param expected the probable number of bytes, 0 if unknown
   */
  private static byte[] readAll(InputStream stream, long expected, ImageOptions options)
      throws IOException {
    int limit = (int) options.maxBytes() + 1;
    byte[] bytes = fileBytes(Math.min(limit, Math.max(expected, FIRST_BYTES)));
    int count = 0;
    while (true) {
      count = fill(bytes, count, stream);
      if (count < bytes.length) {
        return resized(bytes, count, count);
      }
      int next = count < limit ? stream.read() : -1;
      if (next < 0) {
        return bytes;
      }
      bytes = resized(bytes, count, Math.min(limit, 2L * count));
      bytes[count++] = (byte) next;
    }
  }

  /** Reads until an array is full or the stream ends. Returns the number of bytes in the array. */
  private static int fill(byte[] bytes, int from, InputStream stream) throws IOException {
    int count = from;
    while (count < bytes.length) {
      int piece = Math.min(PIECE_BYTES, bytes.length - count);
      int read = stream.readNBytes(bytes, count, piece);
      count += read;
      if (read < piece) {
        return count;
      }
    }
    return count;
  }

  private static byte[] resized(byte[] bytes, int count, long length) {
    byte[] resized = fileBytes(length);
    System.arraycopy(bytes, 0, resized, 0, count);
    return resized;
  }

  private static byte[] fileBytes(long length) {
    return HeapRoom.bytes(
        (int) length, String.format(Locale.ROOT, "a file of %d bytes or more", length));
  }

  private static void throwIfInterrupted(String prefix, IOException e) {
    // An interrupt closes a file that is being read.
    if (e instanceof ClosedByInterruptException || e instanceof InterruptedIOException) {
      throw new InterruptedCallException(
          prefix + "the thread was interrupted while it read the image", e);
    }
  }

  private static ImageException readingFailed(IOException e) {
    return unreadable(
        String.format(Locale.ROOT, "an error while it was read (%s)", e.getMessage()),
        "check that it can be read",
        e);
  }

  private static ImageException unreadable(String found, String remedy, Exception cause) {
    return new ImageException(Reason.UNREADABLE, READABLE, found, remedy, cause);
  }

  /**
   * Decodes a file in memory.
   *
   * @param encoded the whole file
   * @param options the options
   * @return the pixels
   */
  public static DecodedPixels decode(byte[] encoded, ImageOptions options) {
    if (encoded.length > options.maxBytes()) {
      throw ImageHeader.tooLarge(
          String.format(Locale.ROOT, "a file of at most %d bytes", options.maxBytes()), "maxBytes");
    }
    ImageHeader header = ImageHeader.read(encoded, options);
    if (header.width() > options.maxSide()
        || header.height() > options.maxSide()
        || (long) header.width() * header.height() > options.maxPixels()) {
      throw new ImageException(
          Reason.TOO_LARGE,
          String.format(
              Locale.ROOT,
              "an image of at most %d pixels and sides of at most %d",
              options.maxPixels(),
              options.maxSide()),
          header.size(),
          "raise ImageOptions.maxPixels and maxSide to accept it",
          null);
    }
    if (!header.complete() && !options.acceptTruncated()) {
      throw new ImageException(
          Reason.DAMAGED,
          String.format(Locale.ROOT, "a whole %s file", header.format()),
          String.format(Locale.ROOT, "one that is cut off after %d bytes", encoded.length),
          "download the file again, or " + remedyIfCutOff(header.format()),
          null);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedCallException("the thread was interrupted before it decoded an image");
    }
    int reduction = reduction(header, options);
    long bytes = heapBytes(header, reduction);
    HeapRoom.require(bytes, header.size());
    return HeapRoom.use(bytes, header.size(), () -> decode(encoded, header, reduction, options));
  }

  private static DecodedPixels decode(
      byte[] encoded, ImageHeader header, int reduction, ImageOptions options) {
    DecodedPixels stored =
        switch (header.format()) {
          case BMP ->
              new DecodedPixels(new BmpFile(encoded).decode(), header.width(), header.height());
          case PNG -> PngFile.decode(header);
          case WEBP ->
              NativeDecoders.find()
                  .orElseThrow(
                      () -> NativeDecoders.missing(header, "a WebP image of " + header.size()))
                  .decode(header, 1);
          case JPEG -> decodeJpeg(header, reduction, options);
        };
    return Upright.turned(stored, header.orientation());
  }

  private static String remedyIfCutOff(ImageHeader.Format format) {
    boolean isDecodedHere = format == ImageHeader.Format.PNG || format == ImageHeader.Format.BMP;
    String remedy = "set ImageOptions.acceptTruncated";
    return isDecodedHere || NativeDecoders.find().isPresent()
        ? remedy
        : String.format(Locale.ROOT, "%s and add the dependency %s", remedy, NativeDecoders.MODULE);
  }

  /** Returns a lower bound for the size of the pixels on the heap. */
  private static long heapBytes(ImageHeader header, int reduction) {
    long columns = (header.width() + reduction - 1) / reduction;
    long rows = (header.height() + reduction - 1) / reduction;
    int copies = Upright.isTurned(header.orientation()) ? 2 : 1;
    return 3 * columns * rows * copies;
  }

  /**
   * Decodes by the JDK's own decoder if it gives the same pixels and is faster than OpenCV, or than
   * loading OpenCV; or if there is no other. What it does not decode exactly is left to OpenCV.
   */
  private static DecodedPixels decodeJpeg(ImageHeader header, int reduction, ImageOptions options) {
    Optional<NativeDecoder> other = NativeDecoders.find();
    if (options.reducedDecoding().isPresent() && other.isEmpty()) {
      // Also for images that are small enough, so that the first image shows what is missing.
      throw new ModelException(
          "ImageOptions.withReducedDecoding needs a decoder that this application lacks: add the"
              + " dependency "
              + NativeDecoders.MODULE
              + ", or decode at full size");
    }
    JpegForm form = Objects.requireNonNull(header.jpeg());
    if (reduction == 1 && isJdkPreferred(form, other)) {
      try {
        Optional<DecodedPixels> pixels = JdkJpegDecoder.decode(header);
        if (pixels.isPresent()) {
          return pixels.get();
        }
      } catch (IOException e) {
        if (other.isEmpty()) {
          throw rejected(header, e);
        }
        log.debug("the JDK's decoder rejected a JPEG, OpenCV decides: {}", e.toString());
      }
    }
    return other.orElseThrow(() -> noDecoder(header, form)).decode(header, reduction);
  }

  private static ImageException rejected(ImageHeader header, IOException damage) {
    return new ImageException(
        Reason.DAMAGED,
        "a JPEG image of " + header.size(),
        String.format(Locale.ROOT, "one that the JDK's decoder rejects (%s)", damage.getMessage()),
        String.format(
            Locale.ROOT,
            "the file is damaged; the dependency %s may read the rest of it",
            NativeDecoders.MODULE),
        damage);
  }

  private static FaceException noDecoder(ImageHeader header, JpegForm form) {
    if (!form.isExactInJdk()) {
      return NativeDecoders.missing(
          header, String.format(Locale.ROOT, "%s (%s)", form.obstacle(), header.size()));
    }
    return new ModelException(
        "the JPEG cannot be decoded, because the decoder of this Java runtime is missing, cannot"
            + " be loaded or gives other pixels (the log says which): use a runtime with the module"
            + " java.desktop and its libraries and no broken plug-in of ImageIO, or add the"
            + " dependency "
            + NativeDecoders.MODULE);
  }

  /** The JDK's decoder makes all pixels again for each scan, and is slow for files of many. */
  private static boolean isJdkPreferred(JpegForm form, Optional<NativeDecoder> other) {
    return other.isEmpty()
        || form.isInOneScan() && (!other.get().isLoaded() || JdkJpegDecoder.isFasterThanOpenCv());
  }

  /** Returns the reduction. A decoder can reduce JPEG's blocks of eight to four, two or one. */
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
}
