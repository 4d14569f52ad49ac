// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceException;
import io.omote.face.cli.files.Outputs;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.internal.files.FileFailure;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A text file for the export of a gallery, which need not fit into memory. The file gets its name
 * once it is complete and on disk, and never replaces another file. Until then it has ".unfinished"
 * appended to its name. Closing this deletes an unfinished file, also when the process is told to
 * end; only a kill leaves it behind. Only its owner can read the file. Not thread-safe.
 */
final class ExportFile implements AutoCloseable {
  private final Path file;
  private final Path unfinished;
  private final FileChannel channel;
  private final BufferedWriter writer;
  private final ShutdownSignal shutdown = new ShutdownSignal();

  private ExportFile(Path file, Path unfinished, FileChannel channel) {
    this.file = file;
    this.unfinished = unfinished;
    this.channel = channel;
    writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
  }

  /**
   * Refuses a file that cannot be written, before any work is done.
   *
   * @throws OptionException if the file exists, or its folder is not writable
   * @throws FaceException if an unfinished export exists, the folder is missing, or it is the
   *     folder of a gallery
   */
  static void check(Path file) throws IOException {
    Outputs.check(List.of(file));
    if (Files.exists(unfinished(file), LinkOption.NOFOLLOW_LINKS)) {
      throw isLeft(unfinished(file));
    }
    requireFolder(file);
  }

  /** Throws if the folder of a file is missing. */
  static void requireFolder(Path file) {
    Path folder = Outputs.folder(file);
    if (!Files.isDirectory(folder)) {
      throw new FaceException(
          String.format(
              Locale.ROOT, "the folder %s is missing: create it, or name another file", folder));
    }
  }

  static ExportFile open(Path file) {
    Path unfinished = unfinished(file);
    try {
      return new ExportFile(
          file,
          unfinished,
          openPrivate(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (FileAlreadyExistsException e) {
      throw isLeft(unfinished);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Returns the name of an unfinished export, which shows after a kill what the file is. */
  private static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + ".unfinished");
  }

  /** Opens a file; if this creates it, only its owner can ever read it. */
  static FileChannel openPrivate(Path file, StandardOpenOption... options) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? FileChannel.open(
            file,
            Set.of(options),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : FileChannel.open(file, options);
  }

  void write(String text) {
    if (shutdown.isRaised()) {
      throw new FaceException(
          String.format(
              Locale.ROOT, "the process ended before %s was complete: export again", file));
    }
    try {
      writer.write(text);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Completes the file and gives it its name. */
  void publish() {
    try {
      writer.flush();
      channel.force(true);
      writer.close();
      try {
        Files.createLink(file, unfinished); // unlike a move, never replaces another file
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (IOException | UnsupportedOperationException e) {
        Files.move(unfinished, file); // a file system without links
      }
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        // The name must be on disk, too: people may be removed from the gallery next, and a power
        // cut must not lose both them and their export.
        try (FileChannel folder = FileChannel.open(Outputs.folder(file), StandardOpenOption.READ)) {
          folder.force(true);
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw isThere(file);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static FaceException isThere(Path file) {
    return new FaceException(
        String.format(Locale.ROOT, "%s already exists: name another file", file));
  }

  private static FaceException isLeft(Path unfinished) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "found %s, from an export that is still running or was killed: wait until it ends, or delete that file",
            unfinished));
  }

  private static FaceException failed(Path file, IOException cause) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "%s could not be written (%s): check the free disk space",
            file,
            FileFailure.reason(cause)),
        cause);
  }

  @Override
  public void close() {
    try (shutdown) {
      channel.close(); // Windows deletes no open file
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }
}
