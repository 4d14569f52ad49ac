// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which images are compared with which. Immutable and thread-safe.
 *
 * @param root the folder of the images
 * @param images the images, each once, relative to the root and with slashes
 * @param leftOut those whose names cannot be read, a text for each
 * @param folds the number of folds, 1 where the comparisons are not divided
 * @param size the number of comparisons
 * @param comparisons the comparisons, made while they are visited: there may be many millions
 */
public record Protocol(
    Path root,
    List<String> images,
    List<String> leftOut,
    int folds,
    long size,
    Iterable<Comparison> comparisons) {

  /** Of images that a file names, whose names can be read. */
  Protocol(Path root, List<String> images, int folds, long size, Iterable<Comparison> comparisons) {
    this(root, images, List.of(), folds, size, comparisons);
  }

  /**
   * Reads a protocol: a folder per person, LFW's own file if the name ends in {@code .txt}, else a
   * CSV file.
   *
   * @param set the folder or file
   * @param images the folder of the images, by default the set itself or the folder it is in
   * @return the protocol; all of its images exist
   */
  public static Protocol read(Path set, @Nullable Path images) {
    try {
      Protocol protocol;
      if (Files.isDirectory(set)) {
        protocol = PersonFolders.read(set);
      } else {
        Path root = images != null ? images : set.toAbsolutePath().getParent();
        protocol =
            set.toString().toLowerCase(Locale.ROOT).endsWith(".txt")
                ? LfwPairs.read(set, root)
                : CsvPairs.read(set, root);
      }
      protocol.requireImages();
      return protocol;
    } catch (IOException e) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected a readable folder or file of comparisons at %s, found that it cannot be read: check the path",
              set),
          e);
    }
  }

  Path path(int image) {
    return file(images.get(image));
  }

  private Path file(String name) {
    try {
      return root.resolve(name);
    } catch (InvalidPathException e) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected names of images that can be written in this locale, found '%s': set LC_ALL=C.UTF-8",
              name),
          e);
    }
  }

  /** Hours of work should not end in hundreds of lines about a wrong folder. */
  private void requireImages() {
    List<String> missing =
        images.stream().filter(name -> !Files.isRegularFile(file(name))).toList();
    if (!missing.isEmpty()) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected all %s images in %s, found that %s are missing, first %s: give the folder of the images with --images",
              images.size(),
              root,
              missing.size(),
              missing.get(0)));
    }
  }
}
