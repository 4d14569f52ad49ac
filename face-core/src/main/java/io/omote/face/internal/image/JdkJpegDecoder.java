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
 * Decodes plain JPEG files by the JDK's own decoder. Of these it gives the very pixels that OpenCV
 * gives, and no library is loaded for it. Profiles are not applied, because the parts of a file
 * hold none. Where the runtime lacks the decoder, or what it needs, OpenCV decodes all images.
 *
 * <p>Thread-safe: it has no state but that of the process.
 */
final class JdkJpegDecoder {
  private static final Logger log = LoggerFactory.getLogger(JdkJpegDecoder.class);

  /** An image whose colors are stored for four pixels at a time. */
  private static final String KNOWN_FILE = "plain.jpg";

  /** The checksum of its pixels, as libjpeg-turbo and the library inside of JDKs make them. */
  private static final long KNOWN_PIXELS = 0xa7b80f23L;

  /** Looked for once; null before. Not in an initializer, whose failure would be final. */
  private static volatile @Nullable Optional<JdkJpegReader> decoder;

  private JdkJpegDecoder() {}

  /**
   * Whether it takes less time than OpenCV: with the vector instructions of the system's library,
   * to which Linux distributions link the JDKs that they build. The library inside of other JDKs
   * has none and takes a little more.
   */
  static boolean isFasterThanOpenCv() {
    return Linkage.SYSTEM;
  }

  /** Looked at once. */
  private static final class Linkage {
    private static final boolean SYSTEM =
        namesSystemLibrary(Path.of(System.getProperty("java.home"), "lib", "libjavajpeg.so"));

    private Linkage() {}
  }

  /** A library names those that it needs in its own file. */
  static boolean namesSystemLibrary(Path decoder) {
    try {
      String content = Files.readString(decoder, StandardCharsets.ISO_8859_1);
      return content.contains("libjpeg.so");
    } catch (IOException | RuntimeException e) {
      // Another system, or a JVM that is laid out in another way.
      log.debug("the JDK's decoder was not looked at: {}", e.toString());
      return false;
    }
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
        log.info("this JVM has no decoder of JPEG of its own: OpenCV decodes all images");
      }
      return found.filter(JdkJpegDecoder::isExact);
    } catch (ImageException e) {
      throw e; // No room in the heap now says nothing about the decoder.
    } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
      // A runtime without java.desktop or its libraries; or a plug-in of the host's for ImageIO
      // that
      // cannot be loaded.
      log.info(
          "this JVM's decoder of JPEG cannot be used ({}): OpenCV decodes all images",
          e.toString());
      return Optional.empty();
    }
  }

  /**
   * Whether it gives the pixels that are known of one file. Libraries that call themselves libjpeg
   * spread colors in two ways, and a JDK may be linked to any of them.
   */
  static boolean isExact(JdkJpegReader decoder) {
    try (InputStream known =
        Objects.requireNonNull(JdkJpegDecoder.class.getResourceAsStream(KNOWN_FILE))) {
      ImageHeader header = ImageHeader.read(known.readAllBytes(), ImageOptions.defaults());
      Optional<DecodedPixels> pixels = decoder.decode(header);
      if (pixels.isPresent() && checksum(pixels.get()) == KNOWN_PIXELS) {
        return true;
      }
      log.info("the JDK's decoder gives other pixels than OpenCV: OpenCV decodes all images");
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
   * @param header what the file says of itself
   * @return the pixels, not turned; empty where another decoder has to try
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
      // Whether the file is damaged is for the other decoder to say.
      log.debug("the JDK's decoder gave a JPEG back: {}", e.toString());
      return Optional.empty();
    }
  }
}
