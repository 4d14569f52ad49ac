// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.files;

import io.omote.face.internal.image.FileKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The images in files and folders. A file that is given by its name is an image, with any content;
 * reading it reports the problem. In folders:
 *
 * <ul>
 *   <li>a file is an image if its name or its first bytes are those of one; a file with the name of
 *       an image and other content is reported when it is read;
 *   <li>hidden files and folders, and those of systems, are omitted;
 *   <li>links are followed, but no folder and no linked file is taken twice;
 *   <li>pipes, devices and empty files are not opened;
 *   <li>what cannot be looked at is in the list of images, so that reading it reports the problem
 *       in its place.
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
public final class ImageWalk {
  private static final Pattern IMAGE_NAME =
      Pattern.compile(".*\\.(jpe?g|jpe|jfif|png|bmp|dib|webp)", Pattern.CASE_INSENSITIVE);

  /**
   * Files and folders that operating systems and file servers create, in lower case. Images in them
   * are previews, deleted images and former versions.
   */
  private static final Set<String> SYSTEM_NAMES =
      Set.of(
          "#recycle",
          "#snapshot",
          "$recycle.bin",
          "@eadir",
          "@recently-snapshot",
          "@recycle",
          "@tmp",
          "__macosx",
          "desktop.ini",
          "ehthumbs.db",
          "lost+found",
          "network trash folder",
          "recycled",
          "recycler",
          "system volume information",
          "temporary items",
          "thumbs.db",
          "~snapshot");

  private static final String HIDDEN_FOLDER = "hidden or system folder";
  private static final String HIDDEN_FILE = "hidden or system file";
  private static final String BROKEN_LINK = "broken link";
  private static final String REPEATED = "file or folder that another path has led to";
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

  /** The input that each image was found in. */
  private final List<Path> origins;

  private final Set<Path> given;
  private final List<Omitted> omitted;

  private ImageWalk(List<Path> images, List<Path> origins, Set<Path> given, List<Omitted> omitted) {
    this.images = Collections.unmodifiableList(images);
    this.origins = origins;
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
    List<Path> origins = new ArrayList<>();
    Set<Path> given = new HashSet<>();
    for (Path input : inputs) {
      if (Files.isDirectory(input)) {
        images.addAll(walker.walk(input));
      } else {
        images.add(input);
        given.add(input);
      }
      origins.addAll(Collections.nCopies(images.size() - origins.size(), input));
    }
    return new ImageWalk(images, origins, given, walker.omitted);
  }

  /**
   * Adds an image.
   *
   * @param file the file, which is taken as it is
   * @return a walk with this file before its other images
   */
  public ImageWalk after(Path file) {
    List<Path> newImages = new ArrayList<>(List.of(file));
    newImages.addAll(images);
    List<Path> newOrigins = new ArrayList<>(List.of(file));
    newOrigins.addAll(origins);
    Set<Path> newGiven = new HashSet<>(given);
    newGiven.add(file);
    return new ImageWalk(newImages, newOrigins, newGiven, omitted);
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
   * Returns the path of an image in the input that it was found in.
   *
   * @param at the index of the image
   * @return a relative path without {@code ..}; for a file that was given, its name
   */
  public Path inInput(int at) {
    Path image = images.get(at);
    Path origin = origins.get(at);
    return image.equals(origin)
        ? image.toAbsolutePath().normalize().getFileName()
        : image.subpath(origin.getNameCount(), image.getNameCount());
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
    int depth = image.getNameCount() - parent.getNameCount();
    // A folder of a person that cannot be read is in the list itself.
    boolean isLoose = depth == 1 && !Files.isDirectory(image);
    return isLoose || depth == 0 ? parent : parent.resolve(image.getName(parent.getNameCount()));
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
    if (!Files.isRegularFile(file)) {
      throw new IOException("not a file");
    }
    try (InputStream content = Files.newInputStream(file)) {
      return FileKind.of(content.readNBytes(FileKind.PREFIX));
    }
  }

  /** A walk in progress. */
  private static final class Walker {
    private final List<Omitted> omitted = new ArrayList<>();

    /** The real paths of the folders that were walked. */
    private final Set<Path> walked = new HashSet<>();

    /** The real paths of the files that links led to. */
    private final Set<Path> linked = new HashSet<>();

    /** The links that are not followed yet. */
    private final NavigableSet<Path> links = new TreeSet<>();

    private List<Path> images = new ArrayList<>();

    /**
     * A folder on the way.
     *
     * @param path the folder, as the user knows it
     * @param real its path without links, which identifies it
     */
    private record Folder(Path path, Path real) {
      Folder child(Path child) {
        return new Folder(child, real.resolve(child.getFileName()));
      }
    }

    /**
     * Walks a folder. What lies in it is taken under its own path rather than that of a link, so
     * links are followed last.
     */
    List<Path> walk(Path root) {
      images = new ArrayList<>();
      int before = omitted.size();
      try {
        walk(new Folder(root, root.toRealPath()));
      } catch (IOException e) {
        images.add(root); // reading it reports the problem
      }
      while (!links.isEmpty()) {
        follow(links.pollFirst());
      }
      Collections.sort(images);
      omitted.subList(before, omitted.size()).sort(Comparator.comparing(Omitted::path));
      return images;
    }

    /** Walks a folder and those in it, without recursion: chains of folders may be long. */
    private void walk(Folder top) {
      List<Folder> rest = new ArrayList<>(List.of(top));
      while (!rest.isEmpty()) {
        Folder folder = rest.remove(rest.size() - 1);
        if (!walked.add(folder.real)) {
          omit(folder.path, REPEATED);
          continue;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder.path)) {
          for (Path child : children) {
            visit(folder.child(child), rest);
          }
        } catch (IOException | DirectoryIteratorException e) {
          walked.remove(folder.real);
          images.add(folder.path); // reading it reports the problem
        }
      }
    }

    private void visit(Folder child, List<Folder> folders) {
      Path path = child.path;
      BasicFileAttributes attributes;
      try {
        attributes =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      } catch (IOException e) {
        images.add(path); // reading it reports the problem
        return;
      }
      if (isHidden(path)) {
        omit(path, attributes.isDirectory() ? HIDDEN_FOLDER : HIDDEN_FILE);
      } else if (attributes.isSymbolicLink() || isJunction(attributes)) {
        links.add(path);
      } else if (attributes.isDirectory()) {
        folders.add(child);
      } else if (linked.contains(child.real)) {
        omit(path, REPEATED);
      } else {
        file(path, attributes);
      }
    }

    /** Returns whether a folder is a link of Windows that is not a symbolic one. */
    private static boolean isJunction(BasicFileAttributes attributes) {
      return attributes.isDirectory() && attributes.isOther();
    }

    private void file(Path file, BasicFileAttributes attributes) {
      if (!attributes.isRegularFile()) {
        omit(file, SPECIAL_FILE);
      } else if (IMAGE_NAME.matcher(file.getFileName().toString()).matches()) {
        images.add(file);
      } else if (attributes.size() == 0) { // those that the kernel makes up may wait for content
        omit(file, FileKind.of(new byte[0]).name());
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
          omit(file, kind.name());
        }
      } catch (IOException e) {
        images.add(file); // it may be one; reading it reports the problem
      }
    }

    private void follow(Path link) {
      Path target;
      BasicFileAttributes attributes;
      try {
        target = link.toRealPath();
        attributes = Files.readAttributes(target, BasicFileAttributes.class);
      } catch (AccessDeniedException e) {
        images.add(link); // reading it reports the problem
        return;
      } catch (IOException e) { // its target is missing, or the link itself
        omit(link, BROKEN_LINK);
        return;
      }
      if (attributes.isDirectory()) {
        walk(new Folder(link, target));
      } else if (isInWalkedFolder(target) || !linked.add(target)) {
        omit(link, REPEATED);
      } else {
        file(link, attributes);
      }
    }

    private boolean isInWalkedFolder(Path file) {
      Path folder = file.getParent();
      return folder != null && walked.contains(folder) && !isHidden(file);
    }

    private void omit(Path path, String kind) {
      omitted.add(new Omitted(path, kind));
    }

    private static boolean isHidden(Path path) {
      String name = path.getFileName().toString();
      if (name.startsWith(".") || SYSTEM_NAMES.contains(name.toLowerCase(Locale.ROOT))) {
        return true;
      }
      try {
        return Files.isHidden(path);
      } catch (IOException e) {
        return false;
      }
    }
  }
}
