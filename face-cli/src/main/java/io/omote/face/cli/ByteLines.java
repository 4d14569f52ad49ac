// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The lines of a file in UTF-8 that need not fit into memory, with their numbers and positions. Not
 * thread-safe.
 */
final class ByteLines {
  /** More than any line of ours: the faces of an image with ten thousand of them. */
  private static final int MAX_LENGTH = 64 << 20;

  /** The mark that some editors write before the first line. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final InputStream in;
  private final String name;
  private final byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean isWhole;
  private long number;
  private long end;

  /**
   * Reads a stream from its beginning.
   *
   * @param in the stream, which the caller closes
   * @param name the name of the file, for messages
   */
  ByteLines(InputStream in, String name) {
    this.in = in;
    this.name = name;
  }

  /**
   * Reads the next line.
   *
   * @return false at the end of the file
   * @throws FaceException if the line is too long to be one of ours
   */
  boolean next() throws IOException {
    line.reset();
    isWhole = false;
    number++;
    while (!isWhole && hasMore()) {
      int at = from;
      while (at < to && buffer[at] != '\n') {
        at++;
      }
      line.write(buffer, from, at - from);
      isWhole = at < to;
      from = isWhole ? at + 1 : at;
      if (line.size() > MAX_LENGTH) {
        throw new FaceException(
            String.format(Locale.ROOT, "%s: line %d is too long: name another file", name, number));
      }
    }
    if (isWhole) {
      end += line.size() + 1L;
    }
    return isWhole || line.size() > 0;
  }

  private boolean hasMore() throws IOException {
    if (from == to) {
      from = 0;
      to = Math.max(0, in.read(buffer));
    }
    return from < to;
  }

  /**
   * Returns the line without its end, and without a byte order mark.
   *
   * @throws CharacterCodingException if it is not UTF-8
   */
  String text() throws CharacterCodingException {
    String text =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray())).toString();
    return number == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  /** Returns whether the line has an end. Without one, it is the last, and may be truncated. */
  boolean isWhole() {
    return isWhole;
  }

  /** Returns the number of the line, from 1. */
  long number() {
    return number;
  }

  /** Returns the position behind the last line that has an end. */
  long end() {
    return end;
  }
}
