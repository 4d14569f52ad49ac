// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The images of an evaluation of liveness. Immutable and thread-safe.
 *
 * @param name the name of the folder
 * @param live the images of live faces
 * @param attacks the images of each species of attack
 * @param leftOut a message for each image whose name cannot be read in the current locale
 */
public record Presentations(
    String name, List<Path> live, Map<String, List<Path>> attacks, List<String> leftOut) {
  /** The species of the attacks that are not in a folder of their own. */
  private static final String ATTACK = "attack";

  /**
   * Creates a set of presentations.
   *
   * @param name the name of the folder
   * @param live the images of live faces
   * @param attacks the images of each species of attack
   * @param leftOut a message for each image whose name cannot be read in the current locale
   */
  public Presentations {
    live = List.copyOf(live);
    attacks = Collections.unmodifiableMap(new TreeMap<>(attacks));
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Reads the folders {@code live} and {@code attack} of a folder. {@code attack} holds images, or
   * a folder of images for each species, such as {@code print} and {@code screen}.
   *
   * @param folder the folder that holds both
   * @return the images
   * @throws ProtocolException if one of the folders is missing or cannot be read
   */
  public static Presentations read(Path folder) {
    try {
      Map<String, List<Path>> attacks = new TreeMap<>();
      List<String> leftOut = new ArrayList<>();
      List<Path> single = images(required(folder, ATTACK), leftOut);
      if (!single.isEmpty()) {
        attacks.put(ATTACK, single);
      }
      for (Path species : ImageFolders.folders(folder.resolve(ATTACK))) {
        List<Path> images = images(species, leftOut);
        if (!images.isEmpty()) {
          attacks
              .computeIfAbsent(species.getFileName().toString(), name -> new ArrayList<>())
              .addAll(images);
        }
      }
      return new Presentations(
          Protocol.name(folder), images(required(folder, "live"), leftOut), attacks, leftOut);
    } catch (IOException e) {
      throw new ProtocolException(
          String.format(
              Locale.ROOT,
              "the folders live and attack in %s cannot be read: check the path",
              folder),
          e);
    }
  }

  private static List<Path> images(Path folder, List<String> leftOut) throws IOException {
    List<Path> images = new ArrayList<>();
    for (Path file : ImageFolders.images(folder)) {
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

  /**
   * Returns the number of images.
   *
   * @return the number
   */
  public int count() {
    return live.size() + attacks.values().stream().mapToInt(List::size).sum();
  }
}
