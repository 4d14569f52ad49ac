// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Images of live faces and of attacks. Immutable and thread-safe.
 *
 * @param name what the set is called
 * @param live those of live faces
 * @param attacks those of each species of attack
 * @param leftOut those whose names cannot be read, a text for each
 */
public record Presentations(
    String name, List<Path> live, Map<String, List<Path>> attacks, List<String> leftOut) {
  /** The species of attacks that lie in no folder of their own. */
  private static final String ATTACK = "attack";

  /**
   * Reads the folders {@code live} and {@code attack}.
   *
   * @param folder the folder that has both
   * @return the images
   */
  public static Presentations read(Path folder) {
    try {
      Map<String, List<Path>> attacks = new TreeMap<>();
      List<String> leftOut = new ArrayList<>();
      List<Path> single = images(required(folder, ATTACK), leftOut);
      if (!single.isEmpty()) {
        attacks.put(ATTACK, single);
      }
      for (Path species : PersonFolders.folders(folder.resolve(ATTACK))) {
        List<Path> images = new ArrayList<>(images(species, leftOut));
        if (!images.isEmpty()) {
          attacks
              .computeIfAbsent(species.getFileName().toString(), name -> new ArrayList<>())
              .addAll(images);
        }
      }
      return new Presentations(
          folder.toAbsolutePath().normalize().getFileName().toString(),
          images(required(folder, "live"), leftOut),
          attacks,
          List.copyOf(leftOut));
    } catch (IOException e) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected a readable folder with the folders live and attack at %s, found that it cannot be read: check the path",
              folder),
          e);
    }
  }

  private static List<Path> images(Path folder, List<String> leftOut) throws IOException {
    List<Path> images = new ArrayList<>();
    for (Path file : PersonFolders.images(folder)) {
      FileNames.problem(file)
          .ifPresentOrElse(
              problem -> leftOut.add(FileNames.readable(file) + ": " + problem),
              () -> images.add(file));
    }
    return images;
  }

  private static Path required(Path folder, String name) {
    Path required = folder.resolve(name);
    if (!Files.isDirectory(required)) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "expected the folders live and attack in %s, found no %s: put images of live faces into live, and those of each species of attack into attack/SPECIES",
              folder,
              name));
    }
    return required;
  }

  /** How many images there are. */
  public int count() {
    return live.size() + attacks.values().stream().mapToInt(List::size).sum();
  }
}
