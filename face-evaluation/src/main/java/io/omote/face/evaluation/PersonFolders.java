// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.evaluation.Protocol.Pair;
import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;

/** Reads a folder with a folder of images for each person: all images are compared. */
final class PersonFolders {
  private PersonFolders() {}

  static Protocol read(Path root) throws IOException {
    List<String> images = new ArrayList<>();
    List<String> people = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (Path folder : ImageFolders.folders(root)) {
      String person = folder.getFileName().toString();
      for (Path file : ImageFolders.images(folder)) {
        Optional<String> problem = FileNames.problem(file);
        if (problem.isPresent()) {
          leftOut.add(FileNames.readable(file) + ": " + problem.get());
          continue;
        }
        images.add(String.format(Locale.ROOT, "%s/%s", person, file.getFileName()));
        people.add(person);
      }
    }
    if (images.size() < 2) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected a folder for each person in %s, with images in it, found %s images%s: put the images of each person into a folder of their own",
              root,
              images.size(),
              leftOut.isEmpty() ? "" : " and left out " + String.join("; ", leftOut)));
    }
    long size = (long) images.size() * (images.size() - 1) / 2;
    return new Protocol(root, root, images, people, leftOut, 1, size, () -> new AllPairs(people));
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
