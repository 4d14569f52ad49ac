// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failures of files, in words. */
class FileFailureTest {
  @TempDir private Path folder;

  private static Throwable failure(Callable<?> work) {
    return catchThrowable(work::call);
  }

  @Test
  void failuresOfTheSystem_areInWords_withTheFile() throws IOException {
    Path none = folder.resolve("none");
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThat(FileFailure.text(failure(() -> Files.readString(none))))
        .isEqualTo(none + ": it does not exist");
    assertThat(FileFailure.text(failure(() -> Files.writeString(none.resolve("a"), ""))))
        .isEqualTo(none.resolve("a") + ": its folder does not exist");
    assertThat(FileFailure.text(failure(() -> Files.createDirectory(file))))
        .isEqualTo(file + ": it already exists");
    assertThat(FileFailure.text(failure(() -> Files.newDirectoryStream(file))))
        .isEqualTo(file + ": it is not a folder");
    assertThat(FileFailure.text(failure(() -> Files.list(file))))
        .isEqualTo(file + ": it is not a folder");
    assertThat(FileFailure.text(failure(() -> Files.deleteIfExists(folder))))
        .isEqualTo(folder + ": the folder is not empty");
    assertThat(FileFailure.text(failure(() -> FileChannel.open(folder, StandardOpenOption.WRITE))))
        .startsWith(folder + ": ");
    assertThat(FileFailure.text(failure(() -> new FileInputStream(none.toFile()))))
        .isEqualTo(none + ": it does not exist");
    assertThat(FileFailure.text(failure(() -> new FileInputStream(folder.toFile()))))
        .startsWith(folder + ": ");
  }

  @Test
  void failuresThatTestsCannotCause_areInWords() {
    assertThat(FileFailure.text(new AccessDeniedException("a"))).isEqualTo("a: access is denied");
    assertThat(FileFailure.text(new FileSystemLoopException("a")))
        .isEqualTo("a: its links lead in a circle");
    assertThat(FileFailure.text(new FileSystemException("a", null, "Too many open files")))
        .isEqualTo("a: too many files are open");
    assertThat(FileFailure.text(new FileSystemException("a", "b", "Invalid cross-device link")))
        .isEqualTo("a: Invalid cross-device link");
    assertThat(FileFailure.text(new IOException("No space left on device")))
        .isEqualTo("no space is left on the disk");
    assertThat(FileFailure.text(new IOException(new AccessDeniedException("a"))))
        .isEqualTo("a: access is denied");
    assertThat(FileFailure.text(new UncheckedIOException(new AccessDeniedException("a"))))
        .isEqualTo("a: access is denied");
    assertThat(FileFailure.reason(new MalformedInputException(1)))
        .isEqualTo("its text is not in the expected encoding");
    assertThat(FileFailure.reason(new ClosedByInterruptException()))
        .isEqualTo("the work was interrupted");
    assertThat(FileFailure.reason(new ReadOnlyFileSystemException()))
        .isEqualTo("the file system is read-only");
  }

  @Test
  void missingLibrary_isNamedSo() {
    Exception missing = new ClassNotFoundException("Class org.example.Files not found");
    assertThat(FileFailure.reason(new IllegalStateException(missing)))
        .isEqualTo("the library of its file system is missing");
  }

  @Test
  void namesOfClasses_areInNoText() {
    for (Throwable failure :
        List.of(
            new IOException(),
            new EOFException(),
            new FileSystemException(null),
            new IOException(new IllegalStateException("it was closed")),
            new IllegalStateException(
                new ClassNotFoundException("Class org.example.Files not found")),
            new UncheckedIOException(new IOException(new IOException())))) {
      assertThat(FileFailure.text(failure)).isNotBlank().doesNotContain("java.", "Exception");
    }
  }
}
