// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.evaluation.Exclusions.Tally;
import io.omote.face.evaluation.LabeledImages.Image;
import io.omote.face.evaluation.Protocol.Pair;
import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageWalk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a folder with a folder of images for each person: all images are compared. */
final class PersonFolders {
  private static final int EXAMPLES = 3;

  private PersonFolders() {}

  static Protocol read(Path root) {
    ImageWalk walk = ImageWalk.of(List.of(root));
    LabeledImages images = new LabeledImages();
    Tally loose = new Tally("image", "outside of the folders of people not taken");
    Tally deeper = new Tally("image", "in deeper folders counted for the person of the outer one");
    walk.byFolderIn(root)
        .forEach(
            (folder, files) -> {
              for (Path file : files) {
                if (folder.equals(root)) {
                  loose.add("%s", FileNames.readable(file));
                  continue;
                }
                images.add(name(folder), file);
                if (file.getNameCount() > folder.getNameCount() + 1) {
                  deeper.add("%s", FileNames.readable(file));
                }
              }
            });
    return protocol(root, images.counted(), images.exclusions(walk, loose, deeper));
  }

  private static String name(Path folder) {
    return folder.getFileName().toString();
  }

  private static Protocol protocol(Path root, List<Image> counted, Exclusions exclusions) {
    if (counted.size() < 2) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected a folder for each person in %s, with images in it, found %d images%s: put the images of each person into a folder of their own",
              root,
              counted.size(),
              others(exclusions)));
    }
    List<String> people = counted.stream().map(Image::label).toList();
    return new Protocol(
        root,
        root,
        counted.stream().map(image -> relative(root, image.file())).toList(),
        people,
        exclusions,
        1,
        (long) people.size() * (people.size() - 1) / 2,
        () -> new AllPairs(people));
  }

  /** Returns what happened to other images, with a few examples. */
  private static String others(Exclusions exclusions) {
    return Stream.concat(
            exclusions.leftOut().stream().limit(EXAMPLES), exclusions.examples().stream())
        .map(sentence -> "; " + sentence.replaceFirst("\\.$", ""))
        .collect(Collectors.joining());
  }

  private static String relative(Path root, Path file) {
    List<String> names = new ArrayList<>();
    root.relativize(file).forEach(name -> names.add(name.toString()));
    return String.join("/", names);
  }

  /** Each image with all later ones. */
  private static final class AllPairs implements Iterator<Pair> {
    private final List<String> people;
    private int first;
    private int second = 1;

    AllPairs(List<String> people) {
      this.people = people;
    }

    @Override
    public boolean hasNext() {
      return second < people.size();
    }

    @Override
    public Pair next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Pair pair = new Pair(first, second, people.get(first).equals(people.get(second)), 0);
      second++;
      if (second == people.size()) {
        first++;
        second = first + 1;
      }
      return pair;
    }
  }
}
