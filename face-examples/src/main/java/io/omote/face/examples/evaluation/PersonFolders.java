// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.evaluation;

import io.omote.face.examples.files.FileNames;
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

/** Folders of pictures, one for each person. Stateless and thread-safe. */
public final class PersonFolders {
  private static final Pattern PICTURE =
      Pattern.compile(".*\\.(jpe?g|png|bmp|gif|webp)", Pattern.CASE_INSENSITIVE);

  private PersonFolders() {}

  /** Compares all pictures with each other. */
  static Protocol read(Path root) throws IOException {
    List<String> pictures = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    List<Integer> people = new ArrayList<>();
    List<Path> folders = folders(root);
    for (int person = 0; person < folders.size(); person++) {
      for (Path file : pictures(folders.get(person))) {
        Optional<String> problem = FileNames.problem(file);
        if (problem.isPresent()) {
          leftOut.add(FileNames.readable(file) + ": " + problem.get());
          continue;
        }
        pictures.add(
            String.format(
                Locale.ROOT, "%s/%s", folders.get(person).getFileName(), file.getFileName()));
        people.add(person);
      }
    }
    if (pictures.size() < 2) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected a folder for each person in %s and pictures in them, found %s pictures%s: put the pictures of each person into a folder of its own",
              root,
              pictures.size(),
              leftOut.isEmpty() ? "" : ", and left out " + String.join("; ", leftOut)));
    }
    int[] personOf = people.stream().mapToInt(Integer::intValue).toArray();
    long size = (long) personOf.length * (personOf.length - 1) / 2;
    return new Protocol(
        root, List.copyOf(pictures), List.copyOf(leftOut), 1, size, () -> new AllPairs(personOf));
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
   * The pictures of a person.
   *
   * @param folder the folder of the person
   * @return the files in alphabetical order
   * @throws IOException if it cannot be read
   */
  public static List<Path> pictures(Path folder) throws IOException {
    return children(folder).filter(PersonFolders::isPicture).toList();
  }

  private static Stream<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList().stream();
    }
  }

  /**
   * Whether the ending of a name is that of pictures. Hidden files are none, such as those that
   * macOS puts beside pictures under their names.
   *
   * @param file the file
   * @return whether it is
   */
  public static boolean isPicture(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && PICTURE.matcher(name).matches();
  }

  /** Each picture with all later ones. */
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
