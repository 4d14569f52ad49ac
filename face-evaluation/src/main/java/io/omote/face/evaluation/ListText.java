// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.internal.files.ImageWalk;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The text of a list, in an encoding that editors and spreadsheets write: UTF-8, or UTF-16 in
 * either byte order, each with or without a byte order mark. Used by one thread.
 */
final class ListText implements Closeable {
  private static final int BYTE_ORDER_MARK = 0xfeff;

  /** Stands for bytes that are invalid in UTF-8, and for what an earlier conversion lost. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final int LONGEST_LINE = 100_000;

  private static final int SHOWN = 60;

  private final Path file;
  private final BufferedReader reader;
  private int line;

  private ListText(Path file, BufferedReader reader) {
    this.file = file;
    this.reader = reader;
  }

  /** Opens a file and skips its byte order mark. */
  static ListText open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    try {
      in.mark(2);
      byte[] start = in.readNBytes(2);
      in.reset();
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, encoding(start)));
      reader.mark(1);
      if (reader.read() != BYTE_ORDER_MARK) {
        reader.reset();
      }
      return new ListText(file, reader);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** A list begins with a letter or a digit; in UTF-16, one of the two bytes of those is zero. */
  private static Charset encoding(byte[] start) {
    if (start.length < 2) {
      return StandardCharsets.UTF_8;
    }
    int both = (start[0] & 0xff) << 8 | start[1] & 0xff;
    if (both == BYTE_ORDER_MARK || start[0] == 0) {
      return StandardCharsets.UTF_16BE;
    }
    if (both == Character.reverseBytes((char) BYTE_ORDER_MARK) || start[1] == 0) {
      return StandardCharsets.UTF_16LE;
    }
    return StandardCharsets.UTF_8;
  }

  /** Returns the next line that is not blank, or null at the end. */
  @Nullable String next() throws IOException {
    for (String text = readLine(); text != null; text = readLine()) {
      if (!text.isBlank()) {
        return intact(text, line);
      }
    }
    return null;
  }

  /** Reads a line of limited length: a file that is no list may have no line ends. */
  private @Nullable String readLine() throws IOException {
    int letter = reader.read();
    if (letter < 0) {
      return null;
    }
    line++;
    StringBuilder text = new StringBuilder();
    while (letter >= 0 && letter != '\n' && letter != '\r') {
      if (text.length() == LONGEST_LINE) {
        throw unexpected(
            line,
            "lines of text",
            String.format(Locale.ROOT, "more than %d characters in one", LONGEST_LINE),
            "give a list as text");
      }
      text.append((char) letter);
      letter = reader.read();
    }
    if (letter == '\r') {
      reader.mark(1);
      if (reader.read() != '\n') {
        reader.reset();
      }
    }
    return text.toString();
  }

  /** Returns the number of the last line that was read, from 1. */
  int line() {
    return line;
  }

  /** Returns the text behind the last line that was read. */
  Reader rest() {
    return reader;
  }

  Path file() {
    return file;
  }

  /** Returns a text of a line after a check that it is text, and was decoded completely. */
  String intact(String text, int where) {
    OptionalInt control = text.chars().filter(c -> c < ' ' && !Character.isWhitespace(c)).findAny();
    if (control.isPresent()) {
      throw unexpected(
          where,
          "text",
          String.format(
              Locale.ROOT,
              "%s with the character code %d",
              ImageWalk.kindOf(file),
              control.getAsInt()),
          "save the list as text in UTF-8; workbooks and images are not read as lists");
    }
    if (text.indexOf(REPLACEMENT) >= 0) {
      throw unexpected(
          where,
          "text in UTF-8 or UTF-16",
          "bytes of another encoding, such as Windows-1252, in " + shown(text),
          "save the file in UTF-8; spreadsheets call it CSV UTF-8");
    }
    return text;
  }

  /** Returns the exception for a line of another form. */
  ProtocolException unexpected(int where, String expected, String found, String advice) {
    return new ProtocolException(
        String.format(
            Locale.ROOT,
            "expected %s in line %d of %s, found %s: %s",
            expected,
            where,
            file,
            found,
            advice));
  }

  /** Returns a text in quotation marks for a message: its beginning, without control characters. */
  static String shown(String text) {
    String start = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    return "'" + start.replaceAll("[\\p{Cc}\\p{Cf}]", " ") + "'";
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
