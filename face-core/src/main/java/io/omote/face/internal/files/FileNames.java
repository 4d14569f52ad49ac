// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names that Java can read. On Linux a name of a file is bytes, and Java reads them in the encoding
 * of the locale: what has no meaning there becomes the replacement character, so that different
 * names look alike, and none leads back to its file. Stateless and thread-safe.
 */
public final class FileNames {
  private static final char REPLACEMENT = '\uFFFD';

  private static final boolean IS_MAC = System.getProperty("os.name").startsWith("Mac");

  private static final String UNREADABLE = "the name cannot be read in this locale";

  /** What may hold a password: addresses of databases and servers, their user and password. */
  private static final Pattern ADDRESS =
      Pattern.compile("jdbc:|://|pass(?:word|wd)?=|:[^/\\\\]*@", Pattern.CASE_INSENSITIVE);

  private FileNames() {}

  /**
   * Says what is wrong with the name of a file that was found in a folder.
   *
   * @param path the file
   * @return a text without the name; empty where the name leads back to the file
   */
  public static Optional<String> problem(Path path) {
    if (isReadable(path)) {
      return Optional.empty();
    }
    boolean isUtf8 = path.toUri().getPath().indexOf(REPLACEMENT) < 0;
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s: %s",
            UNREADABLE,
            isUtf8
                ? "set LC_ALL=C.UTF-8"
                : "it is not UTF-8, rename it or set LC_ALL to a locale of its encoding"));
  }

  /**
   * Writes the name of a file as readable as can be.
   *
   * @param path the file
   * @return the name, with the bytes of what cannot be read in percent notation
   */
  public static String readable(Path path) {
    if (isReadable(path)) {
      return path.toString();
    }
    List<String> names = new ArrayList<>();
    path.forEach(name -> names.add(isReadable(name) ? name.toString() : escaped(name)));
    String root = path.isAbsolute() ? path.getRoot().toString() : "";
    return root + String.join(path.getFileSystem().getSeparator(), names);
  }

  /** A URI has the bytes of a path, whatever the locale. */
  private static String escaped(Path name) {
    String uri = name.toUri().getRawPath();
    String path = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static boolean isReadable(Path path) {
    try {
      Path again = path.getFileSystem().getPath(path.toString());
      // macOS may write one name in two ways. Elsewhere another name that leads to the same file is
      // a link, which has nothing to do with what the name is.
      return again.equals(path) || IS_MAC && Files.isSameFile(again, path);
    } catch (InvalidPathException | IOException e) {
      return false;
    }
  }

  /**
   * Says that a word of a command line was lost on its way, if it was.
   *
   * @param word the word
   * @return a text; empty where the word could be read
   */
  public static Optional<String> loss(String word) {
    return word.indexOf(REPLACEMENT) >= 0 ? Optional.of(unreadable(word)) : Optional.empty();
  }

  /**
   * Refuses a word of a command line that could not be read.
   *
   * @param word the word
   * @return the word
   * @throws IllegalArgumentException if it was lost on its way
   */
  public static String argument(String word) {
    if (word.indexOf(REPLACEMENT) >= 0 && !isWrittenInLocale(REPLACEMENT)) {
      throw new IllegalArgumentException(unreadable(word));
    }
    return word;
  }

  /**
   * Makes a path of a word of a command line.
   *
   * @param word the word
   * @return the path
   * @throws IllegalArgumentException if it was lost on its way, or is no path
   */
  public static Path path(String word) {
    Path path;
    try {
      path = Path.of(argument(word));
      if (isAddress(word) && !Files.exists(path)) {
        throw new IllegalArgumentException(
            "expected a file or folder, found an address (not shown, it may have a password)");
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a path that this system allows, found another one (%s)",
              e.getReason()),
          e);
    }
    if (word.indexOf(REPLACEMENT) >= 0 && !Files.exists(path)) {
      throw new IllegalArgumentException(unreadable(word));
    }
    return path;
  }

  /**
   * Says whether a word may be the address of a database or a server, which no message repeats.
   *
   * @param word the word
   * @return whether it may be one
   */
  public static boolean isAddress(String word) {
    return ADDRESS.matcher(word).find();
  }

  private static String unreadable(String word) {
    return String.format(
        Locale.ROOT,
        "expected a name that can be read, found %s: %s, whose encoding is %s: set LC_ALL=C.UTF-8, and name files in UTF-8",
        isAddress(word) ? "an address" : "'" + word.replace(REPLACEMENT, '?') + "'",
        UNREADABLE,
        encoding());
  }

  private static boolean isWrittenInLocale(char letter) {
    return encoding().newEncoder().canEncode(letter);
  }

  /** That of arguments and of names of files, which is not that of the content of files. */
  private static Charset encoding() {
    String name = System.getProperty("sun.jnu.encoding");
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : Charset.defaultCharset();
  }
}
