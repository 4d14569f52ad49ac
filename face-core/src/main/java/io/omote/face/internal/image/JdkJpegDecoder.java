// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The use of the JDK's own decoder for the JPEG files for which it gives exactly the pixels of
 * OpenCV. {@link JpegWalk} finds out which they are; {@link JdkJpegReader} runs the decoder; this
 * class decides whether this JVM's can be used. If the runtime lacks the decoder or its libraries,
 * or has another one, face-opencv decodes all JPEG files.
 *
 * <p>Thread-safe: its only state is that of the process.
 */
final class JdkJpegDecoder {
  private static final Logger log = LoggerFactory.getLogger(JdkJpegDecoder.class);

  /**
   * A file whose pixels are known, for each way to use the decoder. All have one sample of the
   * colors for four pixels, because libraries named libjpeg upsample them in two ways.
   */
  enum Known {
    PLAIN("plain.jpg", 0xa7b80f23L),
    SCANS("progressive.jpg", 0x83975f0bL),
    FOUR_COLORS("ycck.jpg", 0x9794e5bbL);

    private final String file;

    /** The checksum of the pixels from libjpeg-turbo and from the library inside JDKs. */
    private final long pixels;

    Known(String file, long pixels) {
      this.file = file;
      this.pixels = pixels;
    }
  }

  /** The results of the known files that were tried. */
  private static final Map<Known, Boolean> EXACT = new ConcurrentHashMap<>();

  /** The decoder, null before it was looked up. A failed static initializer would be final. */
  private static @Nullable Optional<JdkJpegReader> decoder;

  private JdkJpegDecoder() {}

  /**
   * Returns whether it is faster than OpenCV. It is if it uses the system's library, which has
   * vector instructions: Linux distributions link their JDKs to it. The library inside other JDKs
   * has none and is a little slower.
   */
  static boolean isFasterThanOpenCv() {
    return Linkage.SYSTEM;
  }

  /** The library that the decoder is linked to, which is determined once. */
  private static final class Linkage {
    private static final boolean SYSTEM =
        namesSystemLibrary(Path.of(System.getProperty("java.home"), "lib", "libjavajpeg.so"));

    private Linkage() {}
  }

  /** Returns whether the file of the decoder names the system's library. */
  static boolean namesSystemLibrary(Path decoder) {
    try {
      String content = Files.readString(decoder, StandardCharsets.ISO_8859_1);
      return content.contains("libjpeg.so");
    } catch (IOException | RuntimeException e) {
      // Another system, or a JVM with another layout.
      log.debug("the library of the JDK's decoder is unknown: {}", e.toString());
      return false;
    }
  }

  private static synchronized Optional<JdkJpegReader> decoder() {
    Optional<JdkJpegReader> found = decoder;
    if (found == null) {
      found = find();
      decoder = found;
    }
    return found;
  }

  private static Optional<JdkJpegReader> find() {
    try {
      Optional<JdkJpegReader> found = JdkJpegReader.find();
      if (found.isEmpty()) {
        log.info("this JVM has no JPEG decoder: JPEG files need {}", NativeDecoders.MODULE);
      }
      return found;
    } catch (ImageException e) {
      throw e; // A full heap says nothing about the decoder.
    } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
      // The runtime lacks java.desktop or its libraries, or an ImageIO plug-in of the host cannot
      // be loaded.
      log.info(
          "the JPEG decoder of this JVM cannot be used ({}): JPEG files need {}",
          e.toString(),
          NativeDecoders.MODULE);
      return Optional.empty();
    }
  }

  private static boolean isExact(JdkJpegReader jdk, Known known) {
    return EXACT.computeIfAbsent(known, untried -> givesPixels(jdk, untried));
  }

  /** Returns whether a decoder gives the pixels of a known file. */
  static boolean givesPixels(JdkJpegReader decoder, Known known) {
    try (InputStream file =
        Objects.requireNonNull(JdkJpegDecoder.class.getResourceAsStream(known.file))) {
      ImageHeader header = ImageHeader.read(file.readAllBytes(), ImageOptions.defaults());
      if (checksum(decoder.decode(header)) == known.pixels) {
        return true;
      }
      log.info(
          "the JDK's decoder gives other pixels of {} than OpenCV: such files need {}",
          known.file,
          NativeDecoders.MODULE);
    } catch (ImageException e) {
      throw e;
    } catch (IOException | RuntimeException | LinkageError e) {
      log.info(
          "the JDK's decoder fails for {} ({}): such files need {}",
          known.file,
          e.toString(),
          NativeDecoders.MODULE);
    }
    return false;
  }

  private static long checksum(DecodedPixels pixels) {
    CRC32 sum = new CRC32();
    sum.update(pixels.bgr());
    return sum.getValue();
  }

  /**
   * Decodes an image as it is stored.
   *
   * @param header the header of the file
   * @return the pixels as they are stored; empty if this JVM's decoder cannot read this kind of
   *     JPEG exactly
   * @throws IOException if the data is damaged
   * @throws ImageException if the heap has no room for it
   */
  static Optional<DecodedPixels> decode(ImageHeader header) throws IOException {
    JpegForm form = Objects.requireNonNull(header.jpeg());
    if (!form.isExactInJdk()) {
      return Optional.empty();
    }
    Optional<JdkJpegReader> found = decoder();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    JdkJpegReader jdk = found.get();
    return decode(header, form, jdk, known -> isExact(jdk, known));
  }

  /** Decodes an image if the decoder gives the pixels of the known files of its kind. */
  static Optional<DecodedPixels> decode(
      ImageHeader header, JpegForm form, JdkJpegReader jdk, Predicate<Known> isExact)
      throws IOException {
    if (!isExact.test(Known.PLAIN)
        || !form.isInOneScan() && !isExact.test(Known.SCANS)
        || form.colors().isFour() && !isExact.test(Known.FOUR_COLORS)) {
      return Optional.empty();
    }
    try {
      return Optional.of(jdk.decode(header));
    } catch (ImageException e) {
      throw e;
    } catch (LinkageError e) {
      log.info("the JPEG decoder of this JVM lacks a library: {}", e.toString());
      return Optional.empty();
    } catch (RuntimeException e) {
      throw new IOException("the decoder of the JDK failed: " + e, e);
    }
  }
}
