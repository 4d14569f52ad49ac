// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The images of an evaluation and the pairs of them to compare, read from a folder or a file. A
 * protocol holds names only; images are read when an {@link Evaluator} runs it.
 *
 * <p>Immutable and thread-safe.
 */
public final class Protocol {
  private final String name;
  private final Path root;
  private final List<String> images;
  private final List<String> people;
  private final List<String> leftOut;
  private final int folds;
  private final long size;
  private final Iterable<Pair> pairs;

  /**
   * A pair of images to compare. Immutable and thread-safe.
   *
   * @param first the index of one image
   * @param second the index of the other image
   * @param mated whether both show the same person
   * @param fold the index of the fold, 0 if the protocol has only one
   */
  public record Pair(int first, int second, boolean mated, int fold) {}

  /** Returns the name of a folder or file; the root of a drive has no other name than its path. */
  static String name(Path path) {
    Path full = path.toAbsolutePath().normalize();
    Path last = full.getFileName();
    return (last == null ? full : last).toString();
  }

  /**
   * Creates a protocol.
   *
   * @param set the folder or file that it is read from
   * @param people the person of each image, or an empty list
   */
  Protocol(
      Path set,
      Path root,
      List<String> images,
      List<String> people,
      List<String> leftOut,
      int folds,
      long size,
      Iterable<Pair> pairs) {
    this.name = name(set);
    this.root = root;
    this.images = List.copyOf(images);
    this.people = List.copyOf(people);
    this.leftOut = List.copyOf(leftOut);
    this.folds = folds;
    this.size = size;
    this.pairs = pairs;
  }

  /**
   * Reads a protocol whose images are in the given folder, or in the folder of the given file.
   *
   * @param set the folder or file, as for {@link #read(Path, Path)}
   * @return the protocol
   * @throws ProtocolException as from {@link #read(Path, Path)}
   */
  public static Protocol read(Path set) {
    return read(set, null);
  }

  /**
   * Reads a protocol:
   *
   * <ul>
   *   <li>a folder with a folder of images for each person: every image is compared with every
   *       other one;
   *   <li>a file with the extension {@code .txt}: a pairs file of Labeled Faces in the Wild, such
   *       as {@code pairs.txt} (ten folds) or {@code pairsDevTest.txt};
   *   <li>any other file: CSV with the columns {@code image1}, {@code image2} and {@code same} (1
   *       or 0).
   * </ul>
   *
   * @param set the folder or file
   * @param images the folder of the images that a file names; null for the folder of the file
   * @return the protocol; all of its images exist
   * @throws ProtocolException if the folder or file is missing, invalid, or names missing images
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
    } catch (CharacterCodingException e) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT, "expected text in UTF-8 in %s, found another encoding: convert it", set),
          e);
    } catch (IOException e) {
      throw new ProtocolException(
          String.format(Locale.ROOT, "%s is missing or cannot be read: check the path", set), e);
    }
  }

  /**
   * Returns the name of the folder or file that the protocol was read from.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Returns the folder of the images.
   *
   * @return the folder
   */
  public Path root() {
    return root;
  }

  /**
   * Returns the images, each once.
   *
   * @return immutable paths relative to the root, with slashes
   */
  public List<String> images() {
    return images;
  }

  /**
   * Returns the file of an image.
   *
   * @param image the index of the image
   * @return the path
   */
  public Path path(int image) {
    return file(images.get(image));
  }

  /**
   * Returns the person that each image shows.
   *
   * @return the names of the folders of the images, in the order of the images, immutable; empty if
   *     a file lists the pairs
   */
  public List<String> people() {
    return people;
  }

  /**
   * Returns the images that are not part of the protocol, because their names cannot be read in the
   * current locale.
   *
   * @return a message for each image, immutable
   */
  public List<String> leftOut() {
    return leftOut;
  }

  /**
   * Returns the number of folds.
   *
   * @return the number, 1 if the pairs are not divided
   */
  public int folds() {
    return folds;
  }

  /**
   * Returns the number of pairs.
   *
   * @return the number
   */
  public long size() {
    return size;
  }

  /**
   * Returns the pairs. There may be many millions, so they are generated during iteration.
   *
   * @return the pairs, for any number of iterations
   */
  public Iterable<Pair> pairs() {
    return pairs;
  }

  private Path file(String name) {
    try {
      return root.resolve(name);
    } catch (InvalidPathException e) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "the name of the image '%s' cannot be used in this locale: set LC_ALL=C.UTF-8",
              name),
          e);
    }
  }

  /** Fails early: hours of work should not end in hundreds of messages about a wrong folder. */
  private void requireImages() {
    List<String> missing =
        images.stream().filter(name -> !Files.isRegularFile(file(name))).toList();
    if (!missing.isEmpty()) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected all %s images in %s, but %s are missing, first %s: give the folder of the images with --images",
              images.size(),
              root,
              missing.size(),
              missing.get(0)));
    }
  }

  /**
   * Returns the numbers of images and pairs.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "Protocol[images=%d, pairs=%d]", images.size(), size);
  }
}
