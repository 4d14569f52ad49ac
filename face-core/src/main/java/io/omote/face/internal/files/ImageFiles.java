// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A reader of single images out of many. Stateless and thread-safe. */
public final class ImageFiles {
  private ImageFiles() {}

  /**
   * Reads an image.
   *
   * @param file the file
   * @return the image
   * @throws ImageException if it cannot be read, or memory is insufficient for it
   */
  public static FaceImage read(Path file) {
    return within(file, () -> FaceImage.read(file));
  }

  /**
   * Work on an image.
   *
   * @param <T> the type of the result
   * @param <E> the type of exception that it may throw
   */
  public interface Work<T, E extends Exception> {
    /** Does the work. */
    T get() throws E;
  }

  /**
   * Does work on an image. If memory is insufficient for the image, only the work on this image
   * fails, and its memory is free again.
   *
   * @param file the file
   * @param work the work
   * @param <T> the type of the result
   * @param <E> the type of exception that the work may throw
   * @return the result
   * @throws ImageException if the image cannot be read, or memory is insufficient; it names the
   *     file
   */
  public static <T, E extends Exception> T within(Path file, Work<T, E> work) throws E {
    try {
      check(file);
      return work.get();
    } catch (ImageException e) {
      throw e.file().isPresent() ? e : e.inFile(file);
    } catch (OutOfMemoryError e) {
      throw new ImageException(
              Reason.TOO_LARGE,
              "an image that fits into memory",
              "too little memory (" + e.getMessage() + ")",
              "use a smaller image, or give Java more memory with -Xmx",
              e)
          .inFile(file);
    }
  }

  /** Refuses what is not a file, and names that do not lead back to their file. */
  private static void check(Path file) {
    Optional<String> problem = FileNames.problem(file);
    if (problem.isPresent()) {
      int advice = problem.get().indexOf(": ");
      throw unreadable(
          "a file, but " + problem.get().substring(0, advice), problem.get().substring(advice + 2));
    }
    if (Files.isDirectory(file)) {
      throw Files.isReadable(file)
          ? unreadable("a folder", "name an image in it")
          : unreadable("a folder that cannot be read", "check its permissions");
    }
    if (Files.exists(file) && !Files.isRegularFile(file) && !isOfThisProcess(file)) {
      throw unreadable("a pipe or device", "write its content to a file");
    }
  }

  /** Returns whether a pipe was opened for this process: {@code omote detect <(...)}. */
  private static boolean isOfThisProcess(Path file) {
    return file.startsWith("/dev/fd") || file.startsWith("/proc/self/fd");
  }

  private static ImageException unreadable(String found, String remedy) {
    return new ImageException(Reason.UNREADABLE, "an image file", found, remedy, null);
  }
}
