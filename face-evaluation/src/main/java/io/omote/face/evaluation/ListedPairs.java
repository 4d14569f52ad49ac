// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.evaluation.Exclusions.Tally;
import io.omote.face.evaluation.Protocol.Pair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Collects the pairs of a list. Each comparison counts once: an image has one index, however often,
 * in which spelling and in how many copies it is named, and a pair is the same in both orders. Used
 * by one thread.
 */
final class ListedPairs {
  private final Path file;
  private final Path root;
  private final Contents contents = new Contents();

  /** The index of each name. */
  private final Map<String, Integer> names = new HashMap<>();

  /** The first name of each index. */
  private final List<String> images = new ArrayList<>();

  private final PairTable pairs = new PairTable();
  private final Tally missing = new Tally("image", "missing");
  private final Tally copies =
      new Tally("image", "with the content of another image counted as that image");
  private final Tally repeated = new Tally("repeated comparison", "counted once");
  private final Tally ofOneImage =
      new Tally("comparison", "of an image with itself or with a copy not counted");
  private final Tally ofTwoPeople =
      new Tally("comparison", "of two people not counted, because both images have equal content");

  /**
   * Starts a list.
   *
   * @param file the list
   * @param root the folder of its images
   */
  ListedPairs(Path file, Path root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Adds a pair.
   *
   * @param line its line in the list
   * @throws ProtocolException if it contradicts itself or an earlier pair
   */
  void add(String first, String second, boolean mated, int fold, int line) {
    Pair pair = new Pair(index(first, line), index(second, line), mated, fold);
    if (pair.first() == pair.second()) {
      addOfOneImage(first, second, mated, line);
      return;
    }
    int before = pairs.size();
    int index = pairs.add(pair, line);
    if (index == before) {
      return;
    }
    if (pairs.get(index).mated() != mated) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "%s lists %s and %s as %s in line %d, and as %s in line %d: correct one of the lines",
              file,
              first,
              second,
              people(!mated),
              pairs.line(index),
              people(mated),
              line));
    }
    repeated.add("line %d repeats line %d", line, pairs.line(index));
  }

  private static String people(boolean mated) {
    return mated ? "one person" : "two people";
  }

  /** A comparison of an image with itself says nothing about faces. */
  private void addOfOneImage(String first, String second, boolean mated, int line) {
    if (mated) {
      ofOneImage.add("%s and %s in line %d", first, second, line);
    } else if (Contents.isSameFile(path(first), path(second))) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "%s lists %s and %s as two people in line %d, but they are one file: correct or remove the line",
              file,
              first,
              second,
              line));
    } else {
      ofTwoPeople.add("%s and %s in line %d", first, second, line);
    }
  }

  private Path path(String image) {
    return Protocol.resolve(root, image);
  }

  private int index(String image, int line) {
    Integer known = names.get(image);
    if (known != null) {
      return known;
    }
    Path path = path(image);
    if (!Files.isRegularFile(path)) {
      missing.add("%s in line %d", image, line);
    }
    int index = contents.index(path);
    if (index == images.size()) {
      images.add(image);
    } else if (!Contents.isSameFile(contents.first(index), path)) {
      copies.add("%s, as %s", image, images.get(index));
    }
    names.put(image, index);
    return index;
  }

  /**
   * Returns the protocol.
   *
   * @throws ProtocolException if images are missing, or a fold has no comparison
   */
  Protocol protocol(int folds) {
    if (missing.count() > 0) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected all %d images of %s in %s, but %d are missing, first %s: give the folder of the images with --images",
              names.size(),
              file,
              root,
              missing.count(),
              missing.first()));
    }
    Exclusions exclusions = Exclusions.of(List.of(), copies, repeated, ofOneImage, ofTwoPeople);
    requireComparisons(folds, exclusions);
    return new Protocol(file, root, images, List.of(), exclusions, folds, pairs.size(), pairs);
  }

  private void requireComparisons(int folds, Exclusions exclusions) {
    BitSet filled = new BitSet(folds);
    pairs.forEach(pair -> filled.set(pair.fold()));
    int empty = filled.nextClearBit(0);
    if (empty < folds) {
      String where = folds == 1 ? "" : String.format(Locale.ROOT, " in fold %d", empty + 1);
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected a comparison of two images%s of %s, found none%s: add lines",
              where,
              file,
              exclusions.examples().isEmpty()
                  ? ""
                  : "; " + String.join(" ", exclusions.examples())));
    }
  }
}
