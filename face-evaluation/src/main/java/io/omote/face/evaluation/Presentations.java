// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.InterruptedCallException;
import io.omote.face.evaluation.LabeledImages.Image;
import io.omote.face.internal.files.ImageWalk;
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
 * @param leftOut a message for each image whose name cannot be read in the current locale, or that
 *     equals an image of another kind
 * @param notes what does not count, or counts once, as {@link Protocol#notes()}
 * @param examples the notes with an example of each
 */
public record Presentations(
    String name,
    List<Path> live,
    Map<String, List<Path>> attacks,
    List<String> leftOut,
    List<String> notes,
    List<String> examples) {
  /** The species of the attacks that are not in a folder of their own. */
  private static final String ATTACK = "attack";

  private static final String LIVE = "live";

  /**
   * Creates a set of presentations.
   *
   * @param name the name of the folder
   * @param live the images of live faces
   * @param attacks the images of each species of attack
   * @param leftOut a message for each image that is not part of the set
   * @param notes what does not count, or counts once
   * @param examples the notes with an example of each
   */
  public Presentations {
    live = List.copyOf(live);
    attacks = Collections.unmodifiableMap(new TreeMap<>(attacks));
    leftOut = List.copyOf(leftOut);
    notes = List.copyOf(notes);
    examples = List.copyOf(examples);
  }

  /**
   * Reads the folders {@code live} and {@code attack} of a folder. {@code attack} holds images, or
   * a folder of images for each species, such as {@code print} and {@code screen}. Equal images
   * count once if they are of one kind, and not at all otherwise.
   *
   * @param folder the folder that holds both
   * @return the images
   * @throws ProtocolException if one of the folders is missing
   * @throws InterruptedCallException if the thread was interrupted
   */
  public static Presentations read(Path folder) {
    Path attack = required(folder, ATTACK);
    ImageWalk walk = ImageWalk.of(List.of(required(folder, LIVE), attack));
    LabeledImages images = new LabeledImages();
    for (Path file : walk.images()) {
      images.add(label(folder.relativize(file)), file);
    }
    List<Path> live = new ArrayList<>();
    Map<String, List<Path>> attacks = new TreeMap<>();
    for (Image image : images.counted()) {
      List<Path> kind =
          image.label().equals(LIVE)
              ? live
              : attacks.computeIfAbsent(species(image.label()), name -> new ArrayList<>());
      kind.add(image.file());
    }
    Exclusions exclusions = images.exclusions(walk);
    return new Presentations(
        Protocol.name(folder),
        live,
        attacks,
        exclusions.leftOut(),
        exclusions.notes(),
        exclusions.examples());
  }

  /** Returns the folder that says what an image shows: live, attack, or attack/SPECIES. */
  private static String label(Path relative) {
    String first = relative.getName(0).toString();
    return first.equals(LIVE) || relative.getNameCount() <= 2
        ? first
        : first + "/" + relative.getName(1);
  }

  private static String species(String label) {
    return label.substring(label.indexOf('/') + 1);
  }

  private static Path required(Path folder, String name) {
    SetFiles.requireFolder("a folder with the folders live and attack", folder);
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
