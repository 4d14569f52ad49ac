// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import io.omote.face.internal.image.FileKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The images in files and folders. A file that is given by its name is an image, whatever it is;
 * reading it reports the problem. In folders:
 *
 * <ul>
 *   <li>a file is an image if its name or its first bytes are those of one; a file with the name of
 *       an image and other content is reported when it is read;
 *   <li>hidden files and folders, and folders of systems, are omitted;
 *   <li>links are followed, but no folder and no linked file is taken twice;
 *   <li>pipes and devices are not opened;
 *   <li>folders that cannot be read are in the list of images, so that reading them reports the
 *       problem in its place.
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
public final class ImageWalk {
  private static final Pattern IMAGE_NAME =
      Pattern.compile(".*\\.(jpe?g|jpe|jfif|png|bmp|dib|webp)", Pattern.CASE_INSENSITIVE);

  /** Folders that operating systems and file servers create; their copies show nobody new. */
  private static final Set<String> SYSTEM_FOLDERS =
      Set.of(
          "@eadir",
          "#recycle",
          "#snapshot",
          "$recycle.bin",
          "__macosx",
          "lost+found",
          "recycler",
          "system volume information");

  private static final Set<String> SYSTEM_FILES = Set.of("thumbs.db", "desktop.ini", "ehthumbs.db");

  private static final String HIDDEN_FOLDER = "hidden or system folder";
  private static final String HIDDEN_FILE = "hidden or system file";
  private static final String BROKEN_LINK = "broken link";
  private static final String REPEATED_LINK = "link to something that was taken";
  private static final String SPECIAL_FILE = "pipe or device";
  private static final String UNREADABLE_FILE = "unreadable file";

  /**
   * A file or folder that was not taken.
   *
   * @param path the file or folder
   * @param kind its kind, such as {@code PDF}
   */
  public record Omitted(Path path, String kind) {}

  private final List<Path> images;
  private final Set<Path> given;
  private final List<Omitted> omitted;

  private ImageWalk(List<Path> images, Set<Path> given, List<Omitted> omitted) {
    this.images = Collections.unmodifiableList(images);
    this.given = given;
    this.omitted = Collections.unmodifiableList(omitted);
  }

  /**
   * Walks files and folders.
   *
   * @param inputs files, which are taken as they are, and folders, which are walked
   * @return the images in the order of the inputs, and in each folder in the order of their paths
   */
  public static ImageWalk of(List<Path> inputs) {
    Walker walker = new Walker();
    List<Path> images = new ArrayList<>();
    Set<Path> given = new HashSet<>();
    for (Path input : inputs) {
      if (Files.isDirectory(input)) {
        images.addAll(walker.walk(input));
      } else {
        images.add(input);
        given.add(input);
      }
    }
    return new ImageWalk(images, given, walker.omitted);
  }

  /**
   * Returns the images.
   *
   * @return the files, and the folders that cannot be read; an immutable list
   */
  public List<Path> images() {
    return images;
  }

  /**
   * Returns whether an image is one of the inputs rather than found in one of them.
   *
   * @param image the image
   * @return whether it was given
   */
  public boolean isGiven(Path image) {
    return given.contains(image);
  }

  /**
   * Returns what was not taken.
   *
   * @return the files and folders, an immutable list
   */
  public List<Omitted> omitted() {
    return omitted;
  }

  /**
   * Returns the images by the folder that they belong to: the images of each person, if each person
   * has a folder. Images in deeper folders belong to the same person.
   *
   * @param parent the folder of the folders, as it was walked
   * @return the images of each folder by the path of that folder, in their order; images outside of
   *     any folder are under the parent itself
   */
  public Map<Path, List<Path>> byFolderIn(Path parent) {
    return images.stream()
        .collect(
            Collectors.groupingBy(
                image -> folderIn(parent, image), LinkedHashMap::new, Collectors.toList()));
  }

  private static Path folderIn(Path parent, Path image) {
    Path relative = parent.relativize(image);
    // A folder of a person that cannot be read is in the list itself.
    boolean isLoose = relative.getNameCount() == 1 && !Files.isDirectory(image);
    return isLoose ? parent : parent.resolve(relative.getName(0));
  }

  /**
   * Returns what was not taken, for people.
   *
   * @return the kinds with their numbers, such as {@code 3 x PDF, 1 x broken link}; empty if
   *     everything was taken
   */
  public String omittedKinds() {
    Map<String, Integer> kinds = new TreeMap<>();
    omitted.forEach(one -> kinds.merge(one.kind(), 1, Integer::sum));
    return kinds.entrySet().stream()
        .map(kind -> String.format(Locale.ROOT, "%d x %s", kind.getValue(), kind.getKey()))
        .collect(Collectors.joining(", "));
  }

  /**
   * Returns the kind of a file by its content.
   *
   * @param file the file
   * @return the name of the kind, such as {@code HEIC}
   */
  public static String kindOf(Path file) {
    try {
      return kind(file).name();
    } catch (IOException e) {
      return UNREADABLE_FILE;
    }
  }

  private static FileKind kind(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return FileKind.of(content.readNBytes(FileKind.PREFIX));
    }
  }

  /** A walk in progress. */
  private static final class Walker {
    private final List<Omitted> omitted = new ArrayList<>();

    /** The real paths of the folders that were walked, and of files that links led to. */
    private final Set<Path> taken = new HashSet<>();

    private final List<Path> links = new ArrayList<>();
    private List<Path> images = new ArrayList<>();

    /**
     * Walks a folder. What lies in it is taken under its own path rather than that of a link, so
     * links are followed last.
     */
    List<Path> walk(Path root) {
      images = new ArrayList<>();
      folder(root);
      for (int i = 0; i < links.size(); i++) {
        follow(links.get(i));
      }
      links.clear();
      Collections.sort(images);
      return images;
    }

    /** Walks a folder and those in it, without recursion: chains of folders may be long. */
    private void folder(Path top) {
      List<Path> rest = new ArrayList<>(List.of(top));
      while (!rest.isEmpty()) {
        Path folder = rest.remove(rest.size() - 1);
        try {
          if (!taken.add(folder.toRealPath())) {
            omitted.add(new Omitted(folder, REPEATED_LINK));
            continue;
          }
          for (Path child : children(folder)) {
            visit(child, rest);
          }
        } catch (IOException | DirectoryIteratorException e) {
          images.add(folder); // reading it reports the problem
        }
      }
    }

    private static List<Path> children(Path folder) throws IOException {
      List<Path> children = new ArrayList<>();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(children::add);
      }
      children.sort(Comparator.naturalOrder());
      return children;
    }

    private void visit(Path child, List<Path> folders) {
      if (Files.isSymbolicLink(child)) {
        links.add(child);
      } else if (Files.isDirectory(child)) {
        if (isHidden(child) || isIn(SYSTEM_FOLDERS, child)) {
          omitted.add(new Omitted(child, HIDDEN_FOLDER));
        } else {
          folders.add(child);
        }
      } else {
        file(child);
      }
    }

    private void file(Path file) {
      if (isHidden(file) || isIn(SYSTEM_FILES, file)) {
        omitted.add(new Omitted(file, HIDDEN_FILE));
      } else if (!Files.isRegularFile(file)) {
        omitted.add(new Omitted(file, SPECIAL_FILE));
      } else if (IMAGE_NAME.matcher(file.getFileName().toString()).matches()) {
        images.add(file);
      } else {
        byContent(file);
      }
    }

    private void byContent(Path file) {
      try {
        FileKind kind = kind(file);
        if (kind.isImage()) {
          images.add(file);
        } else {
          omitted.add(new Omitted(file, kind.name()));
        }
      } catch (IOException e) {
        omitted.add(new Omitted(file, UNREADABLE_FILE));
      }
    }

    private void follow(Path link) {
      Path target;
      try {
        target = link.toRealPath();
      } catch (IOException e) { // its target is missing, unreachable, or the link itself
        omitted.add(new Omitted(link, BROKEN_LINK));
        return;
      }
      if (isHidden(link)) {
        omitted.add(new Omitted(link, HIDDEN_FILE));
      } else if (Files.isDirectory(target)) {
        folder(link);
      } else if (isTaken(target) || !taken.add(target)) {
        omitted.add(new Omitted(link, REPEATED_LINK));
      } else {
        file(link);
      }
    }

    /** Returns whether a file lies in a folder that was walked, and was not omitted there. */
    private boolean isTaken(Path file) {
      Path folder = file.getParent();
      return folder != null && taken.contains(folder) && !isHidden(file);
    }

    private static boolean isHidden(Path path) {
      try {
        return path.getFileName().toString().startsWith(".") || Files.isHidden(path);
      } catch (IOException e) {
        return false;
      }
    }

    private static boolean isIn(Set<String> names, Path path) {
      return names.contains(path.getFileName().toString().toLowerCase(Locale.ROOT));
    }
  }
}
