// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.GalleryException;
import io.omote.face.gallery.LuceneGallery;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule for all that the commands write: nothing that is there is replaced. Whatever a command
 * reads is there, so that no input can be lost either, by whatever name, link or case of letters it
 * goes. {@link NewFile} holds the rule again where a file is written.
 *
 * <p>Stateless and thread-safe.
 */
public final class Outputs {
  private Outputs() {}

  /**
   * Looks at all files that a command is to write, before it begins.
   *
   * @param files the files; their folders need not be there
   * @throws IllegalArgumentException if one is there, two are the same, or one has no place in
   *     which it or its folder could be made
   * @throws GalleryException if one would lie in the folder of a gallery
   * @throws IOException if a folder cannot be looked at
   */
  public static void check(List<Path> files) throws IOException {
    Set<Path> places = new HashSet<>();
    files.stream().map(Outputs::folder).distinct().forEach(Outputs::checkNoGallery);
    for (Path file : files) {
      // A link to nothing is something, too.
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IllegalArgumentException(NewFile.taken(file));
      }
      if (!places.add(place(file))) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "expected outputs of different names, found two of %s: write them into different folders",
                file));
      }
      checkPlace(file.toAbsolutePath().normalize().getParent());
    }
  }

  /** What is there of the way to a file must be a folder that can be written to. */
  private static void checkPlace(@Nullable Path folder) {
    Path there = folder;
    while (there != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    if (there == null || !Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected a folder that can be written to at %s, found none: name another place",
              there == null ? folder : there));
    }
  }

  /**
   * Refuses the folder of a gallery, for anything else: what is called like a part of the store is
   * taken for one, and deleted at the next write.
   *
   * @param folder where something is to be written, which need not be there
   * @throws GalleryException if it has a gallery
   */
  private static void checkNoGallery(Path folder) {
    if (Files.isReadable(folder) && LuceneGallery.modelIdOf(folder).isPresent()) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected a folder for results, found that %s is a gallery, which may delete them: name another folder",
              folder));
    }
  }

  /**
   * The folder of a file.
   *
   * @param file the file
   * @return its folder, as an absolute path
   */
  public static Path folder(Path file) {
    Path absolute = file.toAbsolutePath();
    return absolute.getParent() == null ? absolute : absolute.getParent();
  }

  /** One for each file, however its folder is called. */
  private static Path place(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    return folder != null && Files.isDirectory(folder)
        ? folder.toRealPath().resolve(absolute.getFileName())
        : absolute;
  }
}
