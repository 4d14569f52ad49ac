// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.InterruptedCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
  private final Exclusions exclusions;
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
      Exclusions exclusions,
      int folds,
      long size,
      Iterable<Pair> pairs) {
    this.name = name(set);
    this.root = root;
    this.images = List.copyOf(images);
    this.people = List.copyOf(people);
    this.exclusions = exclusions;
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
   *   <li>a pairs file of Labeled Faces in the Wild, such as {@code pairs.txt} (ten folds) or
   *       {@code pairsDevTest.txt};
   *   <li>any other file: a table with the columns {@code image1}, {@code image2} and {@code same}
   *       (1 or 0), in UTF-8 or UTF-16, separated by commas, semicolons, tabs or bars.
   * </ul>
   *
   * <p>Images are told apart by their content, not by their names: a copy of an image is no other
   * image. Each comparison of two images counts once, and one of an image with itself does not
   * count; {@link #notes()} says how many there were.
   *
   * @param set the folder or file
   * @param images the folder of the images that a file names; null for the folder of the file
   * @return the protocol; all of its images exist
   * @throws ProtocolException if the folder or file is missing or invalid, names missing images, or
   *     lists a pair both as one person and as two
   * @throws InterruptedCallException if the thread was interrupted
   */
  public static Protocol read(Path set, @Nullable Path images) {
    SetFiles.requireFolderOrFile(set);
    try {
      return Files.isDirectory(set) ? PersonFolders.read(set) : readList(set, root(set, images));
    } catch (IOException e) {
      throw SetFiles.unreadable(set, e);
    }
  }

  private static Path root(Path list, @Nullable Path images) {
    if (images == null) {
      return list.toAbsolutePath().getParent();
    }
    SetFiles.requireFolder("the folder of the images", images);
    return images;
  }

  /** Reads a list of the form that its first line shows; names of files decide only after that. */
  private static Protocol readList(Path list, Path root) throws IOException {
    try (ListText text = ListText.open(list)) {
      String first = text.next();
      if (first == null) {
        throw new ProtocolException(list + " is empty: " + CsvPairs.ADVICE);
      }
      Optional<CsvPairs.Header> header = CsvPairs.header(text, first);
      if (header.isPresent()) {
        return CsvPairs.read(text, header.get(), root);
      }
      boolean isLfw = list.toString().toLowerCase(Locale.ROOT).endsWith(".txt");
      if (isLfw || LfwPairs.isHeader(first)) {
        return LfwPairs.read(text, first, root);
      }
      throw CsvPairs.withoutHeader(text, first);
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
    return resolve(root, images.get(image));
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
   * Returns the images that are not part of the protocol: their names cannot be read in the current
   * locale, or equal images are in the folders of two people.
   *
   * @return a message for each image, immutable
   */
  public List<String> leftOut() {
    return exclusions.leftOut();
  }

  /**
   * Returns what does not count, or counts once, and why: repeated comparisons, copies of images.
   *
   * @return sentences with numbers, without names of images, immutable
   */
  public List<String> notes() {
    return exclusions.notes();
  }

  /**
   * Returns the notes with an example of each.
   *
   * @return the sentences of {@link #notes()} with names of images, immutable
   */
  public List<String> examples() {
    return exclusions.examples();
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

  /** Returns the file that a list names. */
  static Path resolve(Path root, String name) {
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
