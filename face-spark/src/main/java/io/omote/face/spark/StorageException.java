// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.internal.files.FileFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathIsNotDirectoryException;
import org.apache.hadoop.security.AccessControlException;

/**
 * Thrown when the storage does not deliver a file or folder. It says nothing about the image, and
 * stays within this package. Immutable.
 */
final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Messages of storages can have pages; a row needs the reason. */
  private static final int LONGEST_REASON = 400;

  /** These are about the machine that reads, though the JDK says that there is no file. */
  private static final Set<String> OF_THE_MACHINE =
      Set.of("too many files are open", "the disk reports an error");

  private final boolean isAnswer;
  private final boolean isWorthRepeating;

  private StorageException(
      String found, String advice, boolean isAnswer, boolean isWorthRepeating, Throwable cause) {
    super(
        String.format(
            Locale.ROOT,
            "expected an image that the storage delivers, found a failure (%s): %s",
            found,
            advice),
        cause);
    this.isAnswer = isAnswer;
    this.isWorthRepeating = isWorthRepeating;
  }

  /** Returns the failure that an exception of a file system means. */
  static StorageException of(Exception failure) {
    String reason = shortened(FileFailure.reason(failure));
    if (Storage.isUnknown(failure)) {
      return new StorageException(
          reason,
          "add the jar of the file system with --jars or --packages, or correct the path",
          false,
          false,
          failure);
    }
    boolean isAnswer = isAnswer(failure) && !OF_THE_MACHINE.contains(reason);
    return new StorageException(
        reason,
        isAnswer ? "check the path and its permissions" : "check the storage, then try again",
        isAnswer,
        !isAnswer,
        failure);
  }

  /** Returns the failure that a file ended early. */
  static StorageException ofTruncated(long read, long length) {
    return new StorageException(
        String.format(Locale.ROOT, "the stream ended after %d of %d bytes", read, length),
        "check the storage, then try again",
        false,
        true,
        null);
  }

  private static boolean isAnswer(Exception failure) {
    return failure instanceof FileNotFoundException
        || failure instanceof NoSuchFileException
        || failure instanceof AccessDeniedException
        || failure instanceof AccessControlException
        || failure instanceof NotDirectoryException
        || failure instanceof ParentNotDirectoryException
        || failure instanceof PathIsNotDirectoryException
        || failure instanceof FileSystemLoopException
        // A path that cannot be handled; but Hadoop also wraps hosts that are not found.
        || failure instanceof IllegalArgumentException
            && !(failure.getCause() instanceof IOException);
  }

  private static String shortened(String reason) {
    String line = reason.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
  }

  /** Returns whether the storage works, and says that this file cannot be read. */
  boolean isAnswer() {
    return isAnswer;
  }

  /** Returns whether another attempt on this machine may succeed. */
  boolean isWorthRepeating() {
    return isWorthRepeating;
  }
}
