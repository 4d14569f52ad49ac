// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words for failures of files. The JDK states many by the name of an exception's class alone,
 * with the file as the message. Stateless and thread-safe.
 */
public final class FileFailure {
  /** The form of the message of a {@link FileNotFoundException}: file and reason. */
  private static final Pattern REASON_IN_BRACKETS =
      Pattern.compile("(.*) \\((.+)\\)", Pattern.DOTALL);

  /** The name of a class of exceptions, with its package, and the colon after it. */
  private static final Pattern CLASS = Pattern.compile("\\b(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:: ?)?");

  /** Words of operating systems, and what they mean. */
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("no such file or directory", "it does not exist"),
          Map.entry("permission denied", "access is denied"),
          Map.entry("operation not permitted", "the operation is not permitted"),
          Map.entry("file exists", "it already exists"),
          Map.entry("is a directory", "it is a folder"),
          Map.entry("not a directory", "a part of its path is not a folder"),
          Map.entry("directory not empty", "the folder is not empty"),
          Map.entry("no space left on device", "no space is left on the disk"),
          Map.entry("disk quota exceeded", "the disk quota is used up"),
          Map.entry("file too large", "it exceeds the largest size that is allowed"),
          Map.entry("too many open files", "too many files are open"),
          Map.entry("too many open files in system", "too many files are open"),
          Map.entry("read-only file system", "the file system is read-only"),
          Map.entry("file name too long", "the name is too long"),
          Map.entry("too many levels of symbolic links", "its links lead in a circle"),
          Map.entry(
              "too many levels of symbolic links or unable to access attributes of symbolic link",
              "its links lead in a circle"),
          Map.entry("input/output error", "the disk reports an error"),
          Map.entry("bad file descriptor", "it was closed"),
          Map.entry("broken pipe", "the reader has gone"),
          Map.entry("stream closed", "it was closed"),
          Map.entry("text file busy", "a process is running it"));

  private FileFailure() {}

  /**
   * Returns the reason of a failure.
   *
   * @param failure the exception
   * @return a clause without the name of the file, as in {@code access is denied}
   */
  public static String reason(Throwable failure) {
    if (isWrapper(failure)) {
      return reason(failure.getCause());
    }
    if (failure.getCause() instanceof ClassNotFoundException) {
      return "the library of its file system is missing";
    }
    if (failure instanceof NoSuchFileException missing) {
      return missing(missing.getFile());
    }
    if (failure instanceof AccessDeniedException) {
      return "access is denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "it already exists";
    }
    if (failure instanceof NotDirectoryException) {
      return "it is not a folder";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    }
    if (failure instanceof FileSystemLoopException) {
      return "its links lead in a circle";
    }
    if (failure instanceof ReadOnlyFileSystemException) {
      return "the file system is read-only";
    }
    if (failure instanceof ClosedFileSystemException) {
      return "the file system was closed";
    }
    if (failure instanceof CharacterCodingException) {
      return "its text is not in the expected encoding";
    }
    if (failure instanceof ClosedByInterruptException
        || failure instanceof InterruptedIOException) {
      return "the work was interrupted";
    }
    if (failure instanceof FileSystemException system) {
      return inWords(system.getReason());
    }
    return inWords(
        failure instanceof FileNotFoundException ? bracketed(failure, 2) : failure.getMessage());
  }

  /**
   * Returns the file that a failure is about.
   *
   * @param failure the exception
   * @return the name as the exception has it, empty if it has none
   */
  public static Optional<String> file(Throwable failure) {
    if (isWrapper(failure)) {
      return file(failure.getCause());
    }
    if (failure instanceof FileSystemException system) {
      return Optional.ofNullable(system.getFile());
    }
    return failure instanceof FileNotFoundException
        ? Optional.ofNullable(bracketed(failure, 1))
        : Optional.empty();
  }

  /**
   * Returns the file and the reason of a failure.
   *
   * @param failure the exception
   * @return a text such as {@code out/a.png: its folder does not exist}
   */
  public static String text(Throwable failure) {
    return file(failure)
        .map(file -> String.format(Locale.ROOT, "%s: %s", file, reason(failure)))
        .orElseGet(() -> reason(failure));
  }

  /** Returns whether an exception says nothing beyond its cause. */
  private static boolean isWrapper(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause != null
        && (failure instanceof UncheckedIOException
            || failure instanceof IOException && cause.toString().equals(failure.getMessage()));
  }

  private static @Nullable String bracketed(Throwable failure, int group) {
    String message = failure.getMessage();
    if (message == null) {
      return null;
    }
    Matcher parts = REASON_IN_BRACKETS.matcher(message);
    return parts.matches() ? parts.group(group) : group == 2 ? message : null;
  }

  /** Returns whether the file is missing, or the folder in which it should be created. */
  private static String missing(@Nullable String file) {
    try {
      Path folder = file == null ? null : Path.of(file).toAbsolutePath().getParent();
      return folder == null || Files.exists(folder)
          ? "it does not exist"
          : "its folder does not exist";
    } catch (InvalidPathException e) {
      return "it does not exist"; // a file of another file system
    }
  }

  /** Returns what a system or a library said, without the names of Java's classes. */
  private static String inWords(@Nullable String reason) {
    String words = reason == null ? "" : CLASS.matcher(reason).replaceAll("").strip();
    return words.isEmpty()
        ? "the system gives no reason"
        : REASONS.getOrDefault(words.toLowerCase(Locale.ROOT), words);
  }
}
