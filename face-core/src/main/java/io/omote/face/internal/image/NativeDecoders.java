// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import io.omote.face.ModelException;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The search for a {@link NativeDecoder}, once: by the class loader of this module, never by that
 * of a thread, so that all threads of a host get the same answer.
 *
 * <p>Thread-safe: its only state is that of the process.
 */
final class NativeDecoders {
  /** The module that has one, as a build tool names it. */
  static final String MODULE = "io.omote:face-opencv";

  /** The decoder, null before it was looked up. A failed static initializer would be final. */
  private static @Nullable Optional<NativeDecoder> decoder;

  private NativeDecoders() {}

  /**
   * Returns the decoder.
   *
   * @return the decoder, empty if the application does not have the module
   * @throws ModelException if it has the module, which cannot be used
   */
  static synchronized Optional<NativeDecoder> find() {
    Optional<NativeDecoder> found = decoder;
    if (found == null) {
      found = load();
      decoder = found;
    }
    return found;
  }

  private static Optional<NativeDecoder> load() {
    try {
      return ServiceLoader.load(NativeDecoder.class, NativeDecoder.class.getClassLoader())
          .findFirst()
          .map(Checked::new);
    } catch (ServiceConfigurationError | LinkageError e) {
      // Not kept: the next image tries again, and fails in the same way.
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "the decoder of %s cannot be used (%s): put it next to face-core of the same version,"
                  + " where the same class loader finds both",
              MODULE,
              e.getMessage()),
          e);
    }
  }

  /** A decoder that may have been compiled with another version of this module or of OpenCV. */
  private record Checked(NativeDecoder decoder) implements NativeDecoder {
    @Override
    public boolean isLoaded() {
      try {
        return decoder.isLoaded();
      } catch (LinkageError e) {
        throw otherVersion(e);
      }
    }

    @Override
    public DecodedPixels decode(ImageHeader header, int reduction) {
      try {
        return decoder.decode(header, reduction);
      } catch (LinkageError e) {
        throw otherVersion(e);
      }
    }

    private static ModelException otherVersion(LinkageError e) {
      return new ModelException(
          String.format(
              Locale.ROOT,
              "the decoder of %s cannot be used (%s): use the same version of it and of face-core,"
                  + " and the version of org.openpnp:opencv that it brings",
              MODULE,
              e),
          e);
    }
  }

  /**
   * Returns the formats that the application can read, in words.
   *
   * @return as in {@code a JPEG, PNG or BMP image}
   * @throws ModelException if it has the module, which cannot be used
   */
  static String formats() {
    return find().isPresent() ? "a JPEG, PNG, BMP or WebP image" : "a JPEG, PNG or BMP image";
  }

  /**
   * Returns the exception for an image that only the missing decoder reads.
   *
   * @param header the header of the image
   * @param found what was found, as in {@code a WebP image of 640x480}
   * @return the exception, of the reason {@link Reason#UNSUPPORTED_FORMAT}
   */
  static ImageException missing(ImageHeader header, String found) {
    boolean isJpeg = header.format() == ImageHeader.Format.JPEG;
    return new ImageException(
        Reason.UNSUPPORTED_FORMAT,
        isJpeg ? "a JPEG image that Java decodes exactly" : formats(),
        found,
        String.format(
            Locale.ROOT,
            "add the dependency %s, or convert the file to %s",
            MODULE,
            isJpeg ? "PNG" : "one of these formats"),
        null);
  }
}
