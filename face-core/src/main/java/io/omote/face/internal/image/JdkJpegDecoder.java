// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The use of the JDK's own decoder for plain JPEG files, for which it gives exactly the pixels of
 * OpenCV without loading a library. {@link JdkJpegReader} runs it; this class decides whether it
 * can be used. If the runtime lacks the decoder or its libraries, OpenCV decodes all images.
 *
 * <p>Thread-safe: its only state is that of the process.
 */
final class JdkJpegDecoder {
  private static final Logger log = LoggerFactory.getLogger(JdkJpegDecoder.class);

  /** A file with one sample of the colors for each four pixels. */
  private static final String KNOWN_FILE = "plain.jpg";

  /** The checksum of its pixels from libjpeg-turbo and from the library inside JDKs. */
  private static final long KNOWN_PIXELS = 0xa7b80f23L;

  /** The decoder, null before it was looked up. A failed static initializer would be final. */
  private static volatile @Nullable Optional<JdkJpegReader> decoder;

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

  /** Returns whether the runtime has the decoder, and it gives the known pixels. */
  static boolean isUsable() {
    return decoder().isPresent();
  }

  private static Optional<JdkJpegReader> decoder() {
    Optional<JdkJpegReader> found = decoder;
    if (found == null) {
      synchronized (JdkJpegDecoder.class) {
        found = decoder;
        if (found == null) {
          found = find();
          decoder = found;
        }
      }
    }
    return found;
  }

  private static Optional<JdkJpegReader> find() {
    try {
      Optional<JdkJpegReader> found = JdkJpegReader.find();
      if (found.isEmpty()) {
        log.info("this JVM has no JPEG decoder: OpenCV decodes all images");
      }
      return found.filter(JdkJpegDecoder::isExact);
    } catch (ImageException e) {
      throw e; // A full heap says nothing about the decoder.
    } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
      // The runtime lacks java.desktop or its libraries, or an ImageIO plug-in of the host cannot
      // be loaded.
      log.info(
          "the JPEG decoder of this JVM cannot be used ({}): OpenCV decodes all images",
          e.toString());
      return Optional.empty();
    }
  }

  /**
   * Returns whether a decoder gives the known pixels of one file. Libraries named libjpeg upsample
   * colors in two ways, and a JDK may be linked to any of them.
   */
  static boolean isExact(JdkJpegReader decoder) {
    try (InputStream known =
        Objects.requireNonNull(JdkJpegDecoder.class.getResourceAsStream(KNOWN_FILE))) {
      ImageHeader header = ImageHeader.read(known.readAllBytes(), ImageOptions.defaults());
      Optional<DecodedPixels> pixels = decoder.decode(header);
      if (pixels.isPresent() && checksum(pixels.get()) == KNOWN_PIXELS) {
        return true;
      }
      log.info("the JDK's decoder does not give the pixels of OpenCV: OpenCV decodes all images");
    } catch (ImageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      log.info("the JDK's decoder fails ({}): OpenCV decodes all images", e.toString());
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
   * @return the pixels as they are stored; empty if another decoder must try
   * @throws ImageException if the heap has no room for it
   */
  static Optional<DecodedPixels> decode(ImageHeader header) {
    Optional<JdkJpegReader> jdk = decoder();
    if (jdk.isEmpty()) {
      return Optional.empty();
    }
    try {
      return jdk.get().decode(header);
    } catch (ImageException e) {
      throw e;
    } catch (IOException | RuntimeException | LinkageError e) {
      // The other decoder decides whether the file is damaged.
      log.debug("the JDK's decoder rejected a JPEG: {}", e.toString());
      return Optional.empty();
    }
  }
}
