// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;

/** Checks of the folders and files that define an evaluation. Stateless and thread-safe. */
final class SetFiles {
  private static final String FORBIDDEN = " may not be read: change its permissions";

  private SetFiles() {}

  /** Refuses all but folders and regular files: opening a pipe would wait for ever. */
  static void requireFolderOrFile(Path path) {
    if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
      throw unexpected("a folder of people or a list of pairs", path);
    }
    if (!Files.isReadable(path)) {
      throw new ProtocolException(path + FORBIDDEN);
    }
  }

  static void requireFolder(String what, Path path) {
    if (!Files.isDirectory(path)) {
      throw unexpected(what, path);
    }
  }

  private static ProtocolException unexpected(String expected, Path path) {
    return new ProtocolException(
        String.format(Locale.ROOT, "expected %s at %s, found %s", expected, path, kind(path)));
  }

  private static String kind(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isRegularFile() ? "a file" : "a pipe or device";
    } catch (AccessDeniedException e) {
      return "a folder above it that may not be read: change its permissions";
    } catch (IOException e) {
      if (Files.isSymbolicLink(path)) {
        return "a link that leads nowhere";
      }
      return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? "something unreadable" : "nothing";
    }
  }

  /** Returns the exception for a folder or file that exists. */
  static ProtocolException unreadable(Path path, IOException cause) {
    return new ProtocolException(
        path
            + (cause instanceof AccessDeniedException
                ? FORBIDDEN
                : " could not be read to its end: check its disk or network"),
        cause);
  }
}
