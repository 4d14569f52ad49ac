// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import io.omote.face.FaceException;
import io.omote.face.InterruptedCallException;
import io.omote.face.cli.files.Outputs;
import io.omote.face.internal.files.FileFailure;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of JSON Lines with the faces of images, to which a run appends and which the next run
 * continues. Its first line names the models and options; each other line is about an image, and
 * the last line of an image counts. A killed run leaves at most one partial line, which the next
 * run cuts off. Only its owner can read the file, and only one process can write to it. Not
 * thread-safe.
 */
final class EmbeddingFile implements AutoCloseable {
  /** The number of lines after which all of them are forced to the disk. */
  private static final int LINES_PER_FORCE = 256;

  private static final Set<String> PASSING = Set.of("unreadable", "too_large");

  private static final long FAILED = 1;
  private static final long TO_REPEAT = 0;

  private final Path file;
  private final FileChannel channel;

  /**
   * The images that the file has, by hashes of their names: a hash of their size and time, whose
   * last bit is {@link #FAILED} if they have an error; or {@link #TO_REPEAT}.
   */
  private final Map<Long, Long> images = new HashMap<>();

  private long end;
  private int unforced;

  private EmbeddingFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * The size and time of an image, by which a changed image is known.
   *
   * @param bytes the size
   * @param modified the time of the last change, in ISO 8601
   */
  record State(long bytes, String modified) {
    static State of(Path image) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(image, BasicFileAttributes.class);
      return new State(attributes.size(), attributes.lastModifiedTime().toString());
    }

    JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("bytes", bytes);
      json.addProperty("modified", modified);
      return json;
    }

    private long hash() {
      return Hash.of(bytes + " " + modified) & ~FAILED;
    }
  }

  /**
   * Opens a file, or creates it.
   *
   * @param header the models and options, which the file must have been written with
   * @throws FaceException if it is another file, of other models or options, damaged, in use or not
   *     writable
   */
  static EmbeddingFile open(Path file, JsonObject header) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Outputs.check(List.of(file));
      ExportFile.requireFolder(file);
    } else if (!Files.isRegularFile(file)) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected a file for --output, found a folder, pipe or device: %s",
              FileNames.readable(file)));
    }
    FileChannel channel =
        ExportFile.openPrivate(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    EmbeddingFile opened = new EmbeddingFile(file, channel);
    try {
      opened.lock();
      opened.load(Answers.line(header));
      return opened;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private void lock() throws IOException {
    boolean isLocked;
    try {
      isLocked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      isLocked = false;
    }
    if (!isLocked) {
      throw problem("is in use by another omote embed: wait for it, or name another file");
    }
  }

  private void load(JsonObject header) throws IOException {
    ByteLines lines =
        new ByteLines(Channels.newInputStream(channel.position(0)), FileNames.readable(file));
    boolean hasHeader = lines.next() && lines.isWhole();
    checkHeader(lines, hasHeader, header);
    while (lines.next() && lines.isWhole()) {
      note(lines);
    }
    end = lines.end();
    channel.truncate(end);
    channel.position(end);
    if (!hasHeader) {
      append(header);
    }
  }

  /** Throws unless the first line is the header, or the beginning of it in a file without lines. */
  private void checkHeader(ByteLines lines, boolean isWhole, JsonObject expected) {
    JsonObject found;
    try {
      String text = lines.text();
      if (!isWhole && expected.toString().startsWith(text)) {
        return;
      }
      JsonElement line = JsonParser.parseString(text);
      found = line.isJsonObject() ? line.getAsJsonObject() : new JsonObject();
    } catch (CharacterCodingException | JsonParseException e) {
      throw notOurs();
    }
    for (String key : List.of("version", "content")) {
      if (!isWhole || !expected.get(key).equals(found.get(key))) {
        throw notOurs();
      }
    }
    for (String key : expected.keySet()) {
      if (!expected.get(key).equals(found.get(key))) {
        throw problem(
            String.format(
                Locale.ROOT,
                "was written with %s %s, not %s: use the same options as before, or name another file",
                key,
                found.get(key),
                expected.get(key)));
      }
    }
  }

  private FaceException notOurs() {
    return problem("was not written by this version of omote embed: name another file");
  }

  private FaceException problem(String words) {
    return new FaceException(FileNames.readable(file) + " " + words);
  }

  /** Notes the image of a line. */
  private void note(ByteLines lines) throws IOException {
    try {
      String text = lines.text();
      if (!text.endsWith("}")) {
        throw new JsonParseException("truncated");
      }
      note(new JsonReader(new StringReader(text)));
    } catch (IOException | RuntimeException e) { // MalformedJsonException is an IOException
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "%s: line %d is damaged: delete this line, so that its image is embedded again",
              FileNames.readable(file),
              lines.number()),
          e);
    }
  }

  /** Reads the keys before the faces, which take most of a line. */
  private void note(JsonReader line) throws IOException {
    String image = null;
    long bytes = -1;
    String modified = "";
    String error = null;
    line.beginObject();
    boolean isRead = false;
    while (!isRead && line.hasNext()) {
      switch (line.nextName()) {
        case "image" -> image = line.nextString();
        case "bytes" -> bytes = line.nextLong();
        case "modified" -> modified = line.nextString();
        case "error" -> {
          error = reason(line);
          isRead = true;
        }
        case "width" -> isRead = true;
        default -> line.skipValue();
      }
    }
    if (image == null || !isRead) {
      throw new JsonParseException("incomplete");
    }
    note(image, new State(bytes, modified), error);
  }

  private static @Nullable String reason(JsonReader line) throws IOException {
    String reason = null;
    line.beginObject();
    while (line.hasNext()) {
      if (line.nextName().equals("reason")) {
        reason = line.nextString();
      } else {
        line.skipValue();
      }
    }
    return reason;
  }

  private void note(String image, State state, @Nullable String error) {
    long value =
        error != null && isPassing(error) ? TO_REPEAT : state.hash() | (error == null ? 0 : FAILED);
    images.put(Hash.of(image), value);
  }

  /** Returns whether an error may have gone when the command is run again. */
  static boolean isPassing(String reason) {
    return PASSING.contains(reason);
  }

  /** Returns whether the file has an image, and the image has not changed since. */
  boolean has(Path image) {
    Long known = images.get(key(image));
    if (known == null || known == TO_REPEAT) {
      return false;
    }
    try {
      return (known & ~FAILED) == State.of(image).hash();
    } catch (IOException e) {
      return false; // reading it reports the problem
    }
  }

  /** Returns whether the file has an error of an image that lasts. */
  boolean hasError(Path image) {
    return (images.getOrDefault(key(image), TO_REPEAT) & FAILED) != 0;
  }

  /** Returns whether the file has an error of an image that may have gone by now. */
  boolean hasPassingError(Path image) {
    return images.getOrDefault(key(image), FAILED) == TO_REPEAT;
  }

  private static long key(Path image) {
    return Hash.of(FileNames.readable(image));
  }

  /** Appends a line about an image. */
  void write(Path image, JsonObject body) {
    append(Answers.line(image, body));
  }

  private void append(JsonObject line) {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    int length = bytes.remaining();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      end += length;
      if (++unforced == LINES_PER_FORCE) {
        force();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void force() throws IOException {
    channel.force(false);
    unforced = 0;
  }

  private FaceException failed(IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return new InterruptedCallException(
          "interrupted between images: run the command again", cause);
    }
    try {
      channel.truncate(end);
    } catch (IOException e) {
      cause.addSuppressed(e); // the next run cuts off the partial line
    }
    return new FaceException(
        String.format(
            Locale.ROOT,
            "%s could not be written (%s): check the free disk space",
            FileNames.readable(file),
            FileFailure.reason(cause)),
        cause);
  }

  @Override
  public void close() {
    try (channel) {
      if (channel.isOpen()) {
        force();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
