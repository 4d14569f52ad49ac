// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.albums;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.omote.face.BoundingBox;
import io.omote.face.FaceException;
import io.omote.face.GalleryEntry;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that somebody gave to faces on a contact sheet. Used by one thread. */
public final class AlbumNames {
  private static final int VERSION = 1;
  private static final int CORNERS = 4;

  /** A face with a name. */
  private record Named(String person, String image, BoundingBox box) {}

  private final Map<String, List<Named>> byImage = new HashMap<>();
  private final Set<Named> found = new HashSet<>();

  /** The file, as the page writes it. */
  private static final class Content {
    private int version;
    private @Nullable List<@Nullable Person> persons;
  }

  private static final class Person {
    private @Nullable String person;
    private @Nullable List<@Nullable Place> faces;
  }

  private static final class Place {
    private @Nullable String image;
    private float @Nullable [] box;
  }

  private AlbumNames() {}

  /**
   * Reads the names that a contact sheet saved.
   *
   * @param file the file
   * @return the names
   * @throws FaceException if the file is missing, is not a file of names, or names a face twice
   */
  public static AlbumNames read(Path file) {
    AlbumNames names = new AlbumNames();
    if (Files.isDirectory(file)) {
      throw noNames(file, "a folder");
    }
    try {
      Content content = new Gson().fromJson(Files.readString(file), Content.class);
      if (content == null || content.persons == null) {
        throw noNames(file, "no list of people");
      }
      if (content.version != VERSION) {
        throw noNames(file, "version " + content.version);
      }
      for (Person person : content.persons) {
        names.add(file, person);
      }
      if (names.byImage.isEmpty()) {
        throw noNames(file, "nobody");
      }
      return names;
    } catch (JsonParseException | CharacterCodingException e) {
      throw noNames(file, "something else");
    } catch (NoSuchFileException e) {
      throw new FaceException(
          String.format(
              Locale.ROOT, "there is no file %s: check the path", FileNames.readable(file)),
          e);
    } catch (IOException e) {
      throw new FaceException(
          String.format(
              Locale.ROOT, "%s cannot be read: check its permissions", FileNames.readable(file)),
          e);
    }
  }

  private void add(Path file, @Nullable Person person) {
    if (person == null || person.person == null || !GalleryEntry.isName(person.person)) {
      throw noNames(file, "a name that galleries refuse");
    }
    if (person.faces == null) {
      throw noNames(file, "a person without faces");
    }
    for (Place place : person.faces) {
      if (place == null
          || place.image == null
          || place.box == null
          || place.box.length != CORNERS) {
        throw noNames(file, "a face without an image and a box of four numbers");
      }
      BoundingBox box = box(file, place.box);
      List<Named> faces = byImage.computeIfAbsent(place.image, image -> new ArrayList<>());
      if (faces.stream().anyMatch(named -> named.box.equals(box))) {
        throw noNames(file, "two names for one face of " + place.image);
      }
      faces.add(new Named(person.person, place.image, box));
    }
  }

  private static BoundingBox box(Path file, float[] corners) {
    try {
      return new BoundingBox(corners[0], corners[1], corners[2], corners[3]);
    } catch (IllegalArgumentException e) {
      throw noNames(file, "an invalid box");
    }
  }

  private static FaceException noNames(Path file, String found) {
    return new FaceException(
        String.format(
            Locale.ROOT,
            "expected names that a contact sheet saved, version %d, found %s in %s",
            VERSION,
            found,
            FileNames.readable(file)));
  }

  /**
   * Returns whether a face of an image has a name.
   *
   * @param image the image
   * @return whether it has
   */
  public boolean isAbout(Path image) {
    return byImage.containsKey(FileNames.readable(image));
  }

  /**
   * Returns the name of a face, and remembers that the face was found.
   *
   * @param face the face
   * @return the name of the person, empty for a face without one
   */
  public Optional<String> person(FaceLocation face) {
    for (Named named : byImage.getOrDefault(face.name(), List.of())) {
      if (face.isAt(named.box)) {
        found.add(named);
        return Optional.of(named.person);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the number of named faces that were not found.
   *
   * @return the number of faces of the file that {@link #person} was not asked for
   */
  public int missing() {
    return byImage.values().stream().mapToInt(List::size).sum() - found.size();
  }
}
