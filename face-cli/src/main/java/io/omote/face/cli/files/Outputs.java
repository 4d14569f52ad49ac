// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.files;

import io.omote.face.GalleryException;
import io.omote.face.cli.messages.OptionException;
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
 * The rule for all files that commands write: an existing file is never replaced. Inputs are
 * existing files, so that no input can be lost, even if an output names one by a link or in another
 * case. {@link NewFile} enforces the rule again when a file is written.
 *
 * <p>Stateless and thread-safe.
 */
public final class Outputs {
  private Outputs() {}

  /**
   * Checks all files that a command is about to write, before it begins.
   *
   * @param files the files; their folders need not exist
   * @throws OptionException if a file exists, two are the same, or one or its folder could not be
   *     created
   * @throws GalleryException if a file would be in the folder of a gallery
   * @throws IOException if a folder cannot be read
   */
  public static void check(List<Path> files) throws IOException {
    Set<Path> places = new HashSet<>();
    files.stream().map(Outputs::folder).distinct().forEach(Outputs::checkNoGallery);
    for (Path file : files) {
      // A broken link counts as an existing file.
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new OptionException(NewFile.taken(file));
      }
      if (!places.add(place(file))) {
        throw new OptionException(
            String.format(
                Locale.ROOT, "two outputs would be written to %s: use different folders", file));
      }
      checkPlace(file.toAbsolutePath().normalize().getParent());
    }
  }

  /** Requires that the nearest existing ancestor of a file is a writable folder. */
  private static void checkPlace(@Nullable Path folder) {
    Path there = folder;
    while (there != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
      there = there.getParent();
    }
    if (there == null || !Files.isDirectory(there) || !Files.isWritable(there)) {
      throw new OptionException(
          String.format(
              Locale.ROOT,
              "%s is not a writable folder: choose another one",
              there == null ? folder : there));
    }
  }

  /**
   * Refuses the folder of a gallery: the store would take files with certain names for its own, and
   * delete them at the next write.
   *
   * @param folder the folder of an output, which need not exist
   * @throws GalleryException if it contains a gallery
   */
  private static void checkNoGallery(Path folder) {
    if (Files.isReadable(folder) && LuceneGallery.modelIdOf(folder).isPresent()) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "%s is the folder of a gallery, which may delete other files in it: choose another folder",
              folder));
    }
  }

  /**
   * Returns the folder of a file.
   *
   * @param file the file
   * @return its folder, as an absolute path
   */
  public static Path folder(Path file) {
    Path absolute = file.toAbsolutePath();
    return absolute.getParent() == null ? absolute : absolute.getParent();
  }

  /** Returns the path of a file after resolving links in the path of its folder. */
  private static Path place(Path file) throws IOException {
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    return folder != null && Files.isDirectory(folder)
        ? folder.toRealPath().resolve(absolute.getFileName())
        : absolute;
  }
}
