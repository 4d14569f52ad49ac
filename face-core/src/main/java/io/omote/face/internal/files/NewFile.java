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
 * Writes files that are not there yet: the system itself refuses one that is, so that nothing is
 * ever replaced, whoever made it and when.
 *
 * <p>A file is written under its own name, of content that is whole in memory, or of a long text. A
 * temporary file that is renamed at the end would be another file with a face in it, which a
 * process that is killed leaves in a folder that is about to be published. So nothing is there but
 * what was asked for; only a kill, or a power cut, within the one moment of writing can leave the
 * beginning of it. Where writing fails, as on a full disk, nothing is left.
 *
 * <p>Stateless and thread-safe.
 */
public final class NewFile {
  /** What is handed over at a time: the JDK copies it to memory beside the heap. */
  private static final int PART = 1 << 20;

  private NewFile() {}

  /**
   * Writes a file.
   *
   * @param file the file
   * @param content all of it
   * @throws FaceException if it is there already, or cannot be written to its end
   * @throws IOException if it cannot be made
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
   * What a file is written by.
   *
   * @param <T> where it is written to
   */
  @FunctionalInterface
  public interface Content<T> {
    /** Writes all of it. */
    void writeTo(T target) throws IOException;
  }

  /**
   * Writes a text as UTF-8 that is too long to be whole in memory.
   *
   * @param file the file
   * @param text writes it
   * @throws FaceException if the file is there already, or cannot be written to its end
   * @throws IOException if it cannot be made
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
   * Returns the message that refuses to replace a file.
   *
   * @param file the file
   * @return the text
   */
  public static String taken(Path file) {
    return String.format(
        Locale.ROOT,
        "expected no file at %s, found one, which would be lost: name another place, or move it away",
        file);
  }

  /** What was not written to the end, with its name, which the system does not say. */
  private static FaceException failed(Path file, IOException cause) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "expected to write %s, found %s: see whether there is space",
            file,
            cause.getMessage()),
        cause);
  }

  /**
   * Writes a text as UTF-8.
   *
   * @param file the file
   * @param text all of it
   * @throws FaceException if the file is there already, or cannot be written to its end
   * @throws IOException if it cannot be made
   */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
