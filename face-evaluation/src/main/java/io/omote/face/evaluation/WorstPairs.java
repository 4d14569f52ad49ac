// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceImage;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The mated comparisons with the lowest similarities and the non-mated ones with the highest, where
 * wrong labels are found first. Immutable and thread-safe.
 *
 * @param mated the mated comparisons, the lowest similarity first
 * @param nonMated the non-mated comparisons, the highest similarity first
 */
record WorstPairs(List<Entry> mated, List<Entry> nonMated) {
  /** The number of comparisons of each kind. */
  static final int COUNT = 10;

  /**
   * A comparison.
   *
   * @param first one image
   * @param second the other image
   */
  record Entry(Side first, Side second, double similarity) {
    Stream<Side> sides() {
      return Stream.of(first, second);
    }
  }

  /**
   * An image of a comparison.
   *
   * @param name its name in the protocol
   * @param crop its face, null unless the caller asked for crops
   */
  record Side(String name, @Nullable FaceCrop crop) {}

  /** Returns whether there are crops. */
  boolean hasCrops() {
    return Stream.concat(mated.stream(), nonMated.stream())
        .flatMap(Entry::sides)
        .anyMatch(side -> side.crop != null);
  }

  /** Collects comparisons in any order, keeping the worst. Used by one thread. */
  static final class Collector {
    /** A comparison by the indexes of its images. */
    private record Found(int first, int second, double similarity) {
      boolean isOf(int one, int other) {
        return first == one && second == other;
      }
    }

    private static final Comparator<Found> LOWEST_FIRST =
        Comparator.comparingDouble(Found::similarity);

    /** The comparison that a worse one replaces comes first. */
    private final PriorityQueue<Found> mated = new PriorityQueue<>(LOWEST_FIRST.reversed());

    private final PriorityQueue<Found> nonMated = new PriorityQueue<>(LOWEST_FIRST);

    /** Adds a comparison, unless it was added before. */
    void add(boolean isMated, int first, int second, double similarity) {
      PriorityQueue<Found> worst = isMated ? mated : nonMated;
      boolean isFull = worst.size() == COUNT;
      if (isFull && !isWorse(isMated, similarity, worst.element().similarity)) {
        return;
      }
      if (worst.stream().anyMatch(there -> there.isOf(first, second))) {
        return;
      }
      if (isFull) {
        worst.remove();
      }
      worst.add(new Found(first, second, similarity));
    }

    private static boolean isWorse(boolean isMated, double similarity, double other) {
      return isMated ? similarity < other : similarity > other;
    }

    /**
     * Returns the worst comparisons.
     *
     * @param cropper returns the face of an image, null for no crops
     */
    WorstPairs build(Protocol protocol, @Nullable Function<Path, Optional<FaceImage>> cropper) {
      return new WorstPairs(
          entries(mated.stream().sorted(LOWEST_FIRST), protocol, cropper),
          entries(nonMated.stream().sorted(LOWEST_FIRST.reversed()), protocol, cropper));
    }

    private static List<Entry> entries(
        Stream<Found> worst,
        Protocol protocol,
        @Nullable Function<Path, Optional<FaceImage>> cropper) {
      return worst
          .map(
              found ->
                  new Entry(
                      side(found.first, protocol, cropper),
                      side(found.second, protocol, cropper),
                      found.similarity))
          .toList();
    }

    private static Side side(
        int image, Protocol protocol, @Nullable Function<Path, Optional<FaceImage>> cropper) {
      return new Side(
          protocol.images().get(image),
          cropper == null ? null : FaceCrop.of(protocol.path(image), cropper));
    }
  }
}
