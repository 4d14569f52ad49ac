// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.files;

import io.omote.face.FaceImage;
import io.omote.face.PictureException;
import io.omote.face.PictureException.Reason;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Reads images, one among many. Stateless and thread-safe. */
public final class ImageFiles {
  private ImageFiles() {}

  /**
   * Reads an image.
   *
   * @param file the file
   * @return the image
   * @throws PictureException if it cannot be read, or the memory does not suffice for it
   */
  public static FaceImage read(Path file) {
    return within(file, () -> FaceImage.read(file));
  }

  /**
   * Works on an image so that one for which the memory does not suffice ends that image only: what
   * was taken for it is free again.
   *
   * @param file the file
   * @param work the work
   * @param <T> what the work gives
   * @return what the work gave
   * @throws PictureException if the memory does not suffice
   */
  public static <T> T within(Path file, Supplier<T> work) {
    try {
      return work.get();
    } catch (OutOfMemoryError e) {
      throw new PictureException(
              Reason.TOO_LARGE,
              "an image for which the memory suffices",
              "too little memory (" + e.getMessage() + ")",
              "make the image smaller, or give Java more memory by -Xmx",
              e)
          .inFile(file);
    }
  }
}
