// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Folders of images, one for each person. Stateless and thread-safe. */
public final class PersonFolders {
  private static final Pattern IMAGE =
      Pattern.compile(".*\\.(jpe?g|png|bmp|gif|webp)", Pattern.CASE_INSENSITIVE);

  private PersonFolders() {}

  /** Compares all images with each other. */
  static Protocol read(Path root) throws IOException {
    List<String> images = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    List<Integer> people = new ArrayList<>();
    List<Path> folders = folders(root);
    for (int person = 0; person < folders.size(); person++) {
      for (Path file : images(folders.get(person))) {
        Optional<String> problem = FileNames.problem(file);
        if (problem.isPresent()) {
          leftOut.add(FileNames.readable(file) + ": " + problem.get());
          continue;
        }
        images.add(
            String.format(
                Locale.ROOT, "%s/%s", folders.get(person).getFileName(), file.getFileName()));
        people.add(person);
      }
    }
    if (images.size() < 2) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected a folder for each person in %s and images in them, found %s images%s: put the images of each person into a folder of its own",
              root,
              images.size(),
              leftOut.isEmpty() ? "" : ", and left out " + String.join("; ", leftOut)));
    }
    int[] personOf = people.stream().mapToInt(Integer::intValue).toArray();
    long size = (long) personOf.length * (personOf.length - 1) / 2;
    return new Protocol(
        root, List.copyOf(images), List.copyOf(leftOut), 1, size, () -> new AllPairs(personOf));
  }

  /**
   * The folders of the persons.
   *
   * @param root the folder that has them
   * @return the folders in alphabetical order
   * @throws IOException if it cannot be read
   */
  public static List<Path> folders(Path root) throws IOException {
    return children(root).filter(Files::isDirectory).toList();
  }

  /**
   * The images of a person.
   *
   * @param folder the folder of the person
   * @return the files in alphabetical order
   * @throws IOException if it cannot be read
   */
  public static List<Path> images(Path folder) throws IOException {
    return children(folder).filter(PersonFolders::isImage).toList();
  }

  private static Stream<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList().stream();
    }
  }

  /**
   * Whether the ending of a name is that of images. Hidden files are none, such as those that macOS
   * puts beside images under their names.
   *
   * @param file the file
   * @return whether it is
   */
  public static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && IMAGE.matcher(name).matches();
  }

  /** Each image with all later ones. */
  private static final class AllPairs implements Iterator<Comparison> {
    private final int[] personOf;
    private int first;
    private int second = 1;

    AllPairs(int[] personOf) {
      this.personOf = personOf;
    }

    @Override
    public boolean hasNext() {
      return second < personOf.length;
    }

    @Override
    public Comparison next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Comparison pair = new Comparison(first, second, personOf[first] == personOf[second], 0);
      second++;
      if (second == personOf.length) {
        first++;
        second = first + 1;
      }
      return pair;
    }
  }
}
