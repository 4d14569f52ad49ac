// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceException;
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
 * A text file for all that is in a gallery, which need not fit into memory. It stands under its
 * name once it is whole and on disk, and never in the place of another one. Until then it lies
 * beside it, with ".unfinished" behind its name, and is gone when this is closed, also where the
 * process is told to end; a kill leaves it. Only its owner can read it. Used by one thread.
 */
final class ExportFile implements AutoCloseable {
  private final Path file;
  private final Path unfinished;
  private final FileChannel channel;
  private final BufferedWriter writer;
  private final Ending ending = new Ending();

  private ExportFile(Path file, Path unfinished, FileChannel channel) {
    this.file = file;
    this.unfinished = unfinished;
    this.channel = channel;
    writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
  }

  /**
   * Refuses what cannot be written, before any work is done.
   *
   * @throws IllegalArgumentException if there is something of that name, or its folder cannot be
   *     written to
   * @throws FaceException if an export was left there, there is no folder to write it to, or it is
   *     that of a gallery
   */
  static void check(Path file) throws IOException {
    Outputs.check(List.of(file));
    if (Files.exists(unfinished(file), LinkOption.NOFOLLOW_LINKS)) {
      throw isLeft(unfinished(file));
    }
    Path folder = Outputs.folder(file);
    if (!Files.isDirectory(folder)) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected a folder that can be written to at %s, found none: make it, or name another file",
              folder));
    }
  }

  static ExportFile open(Path file) {
    Path unfinished = unfinished(file);
    try {
      return new ExportFile(file, unfinished, create(unfinished));
    } catch (FileAlreadyExistsException e) {
      throw isLeft(unfinished);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** One name for each export, so that whoever finds the file after a kill knows what it is. */
  private static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + ".unfinished");
  }

  /** Readable for its owner only, from its first byte on. */
  private static FileChannel create(Path file) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? FileChannel.open(
            file,
            options,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : FileChannel.open(file, options);
  }

  void write(String text) {
    if (ending.hasBegun()) {
      throw new FaceException(
          String.format(
              Locale.ROOT, "expected time to write %s, found the end of the process", file));
    }
    try {
      writer.write(text);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Gives it its name. */
  void publish() {
    try {
      writer.flush();
      channel.force(true);
      writer.close();
      try {
        Files.createLink(file, unfinished); // unlike a move, never in the place of another file
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (IOException | UnsupportedOperationException e) {
        Files.move(unfinished, file); // a file system without links
      }
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        // Its name, too: whoever is removed next must not be all that a power cut leaves.
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
        String.format(
            Locale.ROOT, "expected a new file, found that %s is there: name another one", file));
  }

  private static FaceException isLeft(Path unfinished) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "expected no export that is running or was killed, found %s: wait for its end, or delete that file",
            unfinished));
  }

  private static FaceException failed(Path file, IOException cause) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "expected to write %s, found %s: see whether there is space, and whether you may write there",
            file,
            cause),
        cause);
  }

  @Override
  public void close() {
    try (ending) {
      channel.close(); // Windows deletes no open file
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }
}
