// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.evaluation.Exclusions.Tally;
import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageWalk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Collects images with the folder that says what they show. Each content counts once, and not at
 * all if it is in folders that contradict each other. Used by one thread.
 */
final class LabeledImages {
  private final Contents contents = new Contents();

  /** The first image of each content. */
  private final List<Image> images = new ArrayList<>();

  /** The indices of contents that are in several folders. */
  private final Set<Integer> contradictory = new HashSet<>();

  private final List<String> leftOut = new ArrayList<>();
  private final Tally repeated = new Tally("repeated image", "counted once");
  private final Tally ofSeveral =
      new Tally(
          "image", "left out, because equal images are in folders that contradict each other");

  /**
   * An image.
   *
   * @param label the folder that says what it shows
   * @param file its file
   */
  record Image(String label, Path file) {}

  void add(String label, Path file) {
    Optional<String> problem =
        Files.isDirectory(file)
            ? Optional.of("the folder cannot be read: change its permissions")
            : FileNames.problem(file);
    if (problem.isPresent()) {
      leaveOut(file, problem.get());
      return;
    }
    int index = contents.index(file);
    if (index == images.size()) {
      images.add(new Image(label, file));
      return;
    }
    Image first = images.get(index);
    if (first.label.equals(label)) {
      repeated.add("%s, as %s", file, first.file);
      return;
    }
    if (contradictory.add(index)) {
      contradict(first.file, file);
    }
    contradict(file, first.file);
  }

  private void contradict(Path image, Path other) {
    leaveOut(image, String.format(Locale.ROOT, "%s is equal: remove the wrong one", other));
    ofSeveral.add("%s and %s", image, other);
  }

  private void leaveOut(Path file, String why) {
    leftOut.add(FileNames.readable(file) + ": " + why);
  }

  /** Returns the images that count, in the order in which they were added. */
  List<Image> counted() {
    List<Image> counted = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      if (!contradictory.contains(i)) {
        counted.add(images.get(i));
      }
    }
    return counted;
  }

  /** Returns what does not count, with what the walk did not take, and other cases. */
  Exclusions exclusions(ImageWalk walk, Tally... others) {
    Tally items = new Tally("other item", "not taken: " + walk.omittedKinds());
    walk.omitted().forEach(one -> items.add("%s, %s", FileNames.readable(one.path()), one.kind()));
    return Exclusions.of(
        leftOut,
        Stream.concat(Stream.of(repeated, ofSeveral, items), Stream.of(others))
            .toArray(Tally[]::new));
  }
}
