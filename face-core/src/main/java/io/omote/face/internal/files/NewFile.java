// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import io.omote.face.FaceException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * A writer of new files. The system itself rejects an existing file, so that no file is ever
 * replaced, no matter who made it and when.
 *
 * <p>A file is written under its own name, from content that is complete in memory, or from long
 * text. A temporary file that is renamed at the end would be another file with a face in it, and a
 * killed process would leave it in a folder that may be published. So there are no files other than
 * the requested ones. Only a kill or a power failure during the write can leave a partial file. If
 * writing fails, for example on a full disk, nothing is left.
 *
 * <p>Stateless and thread-safe.
 */
public final class NewFile {
  /** The size of one write, which the JDK copies to memory outside the heap. */
  private static final int PART = 1 << 20;

  private NewFile() {}

  /**
   * Writes a file.
   *
   * @param file the file
   * @param content all of its content
   * @throws FaceException if the file exists, or cannot be written completely
   * @throws IOException if it cannot be created
   */
  public static void write(Path file, byte[] content) throws IOException {
    writeBy(
        file,
        channel -> {
          ByteBuffer rest = ByteBuffer.wrap(content);
          while (rest.hasRemaining()) {
            ByteBuffer part = rest.slice(rest.position(), Math.min(PART, rest.remaining()));
            rest.position(rest.position() + channel.write(part));
          }
        });
  }

  /**
   * The content of a file.
   *
   * @param <T> the type of the target
   */
  @FunctionalInterface
  public interface Content<T> {
    /** Writes all of the content. */
    void writeTo(T target) throws IOException;
  }

  /**
   * Writes text as UTF-8 that is too long for memory.
   *
   * @param file the file
   * @param text writes the text
   * @throws FaceException if the file exists, or cannot be written completely
   * @throws IOException if it cannot be created
   */
  public static void writeText(Path file, Content<Writer> text) throws IOException {
    writeBy(
        file,
        channel -> {
          Writer writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
          text.writeTo(writer);
          writer.flush();
        });
  }

  private static void writeBy(Path file, Content<FileChannel> content) throws IOException {
    try (FileChannel channel = open(file)) {
      try {
        content.writeTo(channel);
      } catch (IOException e) {
        Files.deleteIfExists(file);
        throw failed(file, e);
      } catch (RuntimeException | Error e) {
        Files.deleteIfExists(file);
        throw e;
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new FaceException(taken(file), e);
    }
  }

  /**
   * Returns the message for a file that exists.
   *
   * @param file the file
   * @return the message
   */
  public static String taken(Path file) {
    return String.format(
        Locale.ROOT, "%s already exists: choose another name, or move the file away", file);
  }

  /** Returns the exception for a failed write, with the name, which the system does not give. */
  private static FaceException failed(Path file, IOException cause) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "%s could not be written (%s): check the free disk space",
            file,
            FileFailure.reason(cause)),
        cause);
  }

  /**
   * Writes text as UTF-8.
   *
   * @param file the file
   * @param text all of its content
   * @throws FaceException if the file exists, or cannot be written completely
   * @throws IOException if it cannot be created
   */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
