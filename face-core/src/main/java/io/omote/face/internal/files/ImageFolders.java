// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Lists folders and images in a folder. Stateless and thread-safe. */
public final class ImageFolders {
  private static final Pattern IMAGE =
      Pattern.compile(".*\\.(jpe?g|png|bmp|gif|webp)", Pattern.CASE_INSENSITIVE);

  private ImageFolders() {}

  /**
   * Returns the folders in a folder.
   *
   * @param parent the folder
   * @return the folders in alphabetical order
   * @throws IOException if the folder cannot be read
   */
  public static List<Path> folders(Path parent) throws IOException {
    return children(parent).filter(Files::isDirectory).toList();
  }

  /**
   * Returns the images in a folder.
   *
   * @param folder the folder
   * @return the files in alphabetical order
   * @throws IOException if the folder cannot be read
   */
  public static List<Path> images(Path folder) throws IOException {
    return children(folder).filter(ImageFolders::isImage).toList();
  }

  private static Stream<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList().stream();
    }
  }

  /**
   * Returns whether a file has the extension of an image. Hidden files do not count, such as those
   * that macOS creates beside images.
   *
   * @param file the file
   * @return whether it has such an extension
   */
  public static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && IMAGE.matcher(name).matches();
  }
}
