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
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks for names of files that Java can read. On Linux a name consists of bytes, which Java
 * decodes in the encoding of the locale. Bytes that are invalid there become the replacement
 * character, so that different names look alike, and none of them leads back to its file. Stateless
 * and thread-safe.
 */
public final class FileNames {
  private static final char REPLACEMENT = '\uFFFD';

  private static final boolean IS_MAC = System.getProperty("os.name").startsWith("Mac");

  private static final String UNREADABLE = "the name cannot be read in this locale";

  /** The parts of addresses of databases and servers, which may hold a password. */
  private static final Pattern ADDRESS =
      Pattern.compile("jdbc:|://|pass(?:word|wd)?=|:[^/\\\\]*@", Pattern.CASE_INSENSITIVE);

  private FileNames() {}

  /**
   * Returns the problem with the name of a file that was found in a folder.
   *
   * @param path the file
   * @return a text without the name; empty if the name leads back to the file
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
   * Returns the name of a file in a readable form.
   *
   * @param path the file
   * @return the name, with invalid bytes in percent encoding
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

  /**
   * Returns the address of a file for a link on a page in a folder.
   *
   * @param folder the folder of the page
   * @param file the file
   * @return the address in percent encoding, relative if the file system has one root
   */
  public static String relativeAddress(Path folder, Path file) {
    Path target = file.toAbsolutePath().normalize();
    Path page = folder.toAbsolutePath().normalize();
    if (!Objects.equals(page.getRoot(), target.getRoot())) {
      return target.toUri().toString();
    }
    List<String> names = new ArrayList<>();
    page.relativize(target).forEach(name -> names.add(escaped(name)));
    return String.join("/", names);
  }

  /** Returns a name in percent encoding. A URI has the bytes of a path in any locale. */
  private static String escaped(Path name) {
    String uri = name.toUri().getRawPath();
    String path = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static boolean isReadable(Path path) {
    try {
      Path again = path.getFileSystem().getPath(path.toString());
      // macOS may spell one name in two ways. On other systems a different name for the same
      // file is a link, which is unrelated to the name.
      return again.equals(path) || IS_MAC && Files.isSameFile(again, path);
    } catch (InvalidPathException | IOException e) {
      return false;
    }
  }

  /**
   * Returns the problem with an argument of a command line that lost characters.
   *
   * @param word the argument
   * @return a text; empty if the argument is intact
   */
  public static Optional<String> loss(String word) {
    return word.indexOf(REPLACEMENT) >= 0 ? Optional.of(unreadable(word)) : Optional.empty();
  }

  /**
   * Returns an argument of a command line after a check that it is intact.
   *
   * @param word the argument
   * @return the argument
   * @throws IllegalArgumentException if it lost characters
   */
  public static String argument(String word) {
    if (word.indexOf(REPLACEMENT) >= 0 && !isWrittenInLocale(REPLACEMENT)) {
      throw new IllegalArgumentException(unreadable(word));
    }
    return word;
  }

  /**
   * Returns an argument of a command line as a path.
   *
   * @param word the argument
   * @return the path
   * @throws IllegalArgumentException if it lost characters, is empty, or is not a path
   */
  public static Path path(String word) {
    if (word.isEmpty()) { // which Java considers the current folder
      throw new IllegalArgumentException("expected a file or folder, found an empty name");
    }
    Path path;
    try {
      path = Path.of(argument(word));
      if (isAddress(word) && !Files.exists(path)) {
        throw new IllegalArgumentException(
            "expected a file or folder, found an address (not shown, because it may have a password)");
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "the path is invalid on this system (%s)", e.getReason()), e);
    }
    if (word.indexOf(REPLACEMENT) >= 0 && !Files.exists(path)) {
      throw new IllegalArgumentException(unreadable(word));
    }
    return path;
  }

  /**
   * Returns whether an argument may be the address of a database or a server, which no message may
   * repeat.
   *
   * @param word the argument
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

  /** Returns the encoding of arguments and names of files, which is not that of contents. */
  private static Charset encoding() {
    String name = System.getProperty("sun.jnu.encoding");
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : Charset.defaultCharset();
  }
}
