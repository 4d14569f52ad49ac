// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import java.nio.file.Path;

/** Reads images, one among many. Stateless and thread-safe. */
public final class ImageFiles {
  private ImageFiles() {}

  /**
   * Reads an image.
   *
   * @param file the file
   * @return the image
   * @throws ImageException if it cannot be read, or the memory does not suffice for it
   */
  public static FaceImage read(Path file) {
    return within(file, () -> FaceImage.read(file));
  }

  /**
   * Work on an image.
   *
   * @param <T> what it gives
   * @param <E> how it may fail besides
   */
  public interface Work<T, E extends Exception> {
    /** Does it. */
    T get() throws E;
  }

  /**
   * Works on an image so that one for which the memory does not suffice ends that image only: what
   * was taken for it is free again.
   *
   * @param file the file
   * @param work the work
   * @param <T> what the work gives
   * @param <E> how the work may fail besides
   * @return what the work gave
   * @throws ImageException if the image cannot be read, or the memory does not suffice; it names
   *     the file
   */
  public static <T, E extends Exception> T within(Path file, Work<T, E> work) throws E {
    try {
      return work.get();
    } catch (ImageException e) {
      throw e.file().isPresent() ? e : e.inFile(file);
    } catch (OutOfMemoryError e) {
      throw new ImageException(
              Reason.TOO_LARGE,
              "an image for which the memory suffices",
              "too little memory (" + e.getMessage() + ")",
              "make the image smaller, or give Java more memory by -Xmx",
              e)
          .inFile(file);
    }
  }
}
