// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.internal.files.FileFailure;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * A local folder, read by the JDK: Hadoop's local file system fails at names with a colon, leaves
 * out names that the locale cannot decode, and follows links in circles. Not thread-safe.
 */
final class LocalFolder implements FolderEntries {
  private static final String SCHEME = "file:";

  private final DirectoryStream<Path> stream;
  private final Iterator<Path> entries;

  /** The folder without links. */
  private final Path real;

  /** True if entries have the same path without links. */
  private final boolean isReal;

  private final int links;

  private LocalFolder(DirectoryStream<Path> stream, Path real, boolean isReal, int links) {
    this.stream = stream;
    this.entries = stream.iterator();
    this.real = real;
    this.isReal = isReal;
    this.links = links;
  }

  static LocalFolder open(Row folder) throws IOException {
    Path path = path(ListingRows.path(folder));
    String real = ListingRows.real(folder);
    return new LocalFolder(
        Files.newDirectoryStream(path),
        real == null ? path : path(real),
        real == null,
        ListingRows.links(folder));
  }

  /** Returns whether an address or path belongs to the local file system. */
  static boolean isAddress(String address) {
    return address.startsWith(SCHEME);
  }

  /** Returns the URI of a folder, which leads back to it in any locale. */
  static String address(Path folder) {
    String uri = folder.toUri().toString(); // ends with a slash if the folder exists
    return uri.endsWith("/") && folder.getNameCount() > 0
        ? uri.substring(0, uri.length() - 1)
        : uri;
  }

  /** Returns the folder of an address. */
  static Path path(String address) {
    return Path.of(URI.create(address));
  }

  /** Returns the file of a path of Hadoop. */
  static Path nio(org.apache.hadoop.fs.Path local) {
    return Path.of(local.toUri().getPath());
  }

  /** Returns the path of a file as Hadoop writes it, with invalid names in percent encoding. */
  static String hadoopPath(Path file) {
    return SCHEME + FileNames.readable(file);
  }

  /** Returns the address of the folder without links, null if it is that of the folder. */
  static @Nullable String real(Path path, Path real) {
    return real.equals(path) ? null : address(real);
  }

  @Override
  public boolean hasNext() throws IOException {
    try {
      return entries.hasNext();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  @Override
  public @Nullable Row next() throws IOException {
    Path path;
    try {
      path = entries.next();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return FolderEntries.isHidden(path.getFileName().toString()) ? null : row(path);
  }

  private @Nullable Row row(Path path) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isSymbolicLink()) {
        return linked(path);
      }
      Path realPath = isReal ? path : real.resolve(path.getFileName());
      return attributes.isDirectory()
          ? ListingRows.of(ListingRows.Kind.REST, address(path), real(path, realPath), links)
          : file(path, realPath, links, attributes);
    } catch (NoSuchFileException e) {
      return null; // deleted since the folder was opened
    } catch (IOException e) {
      return ListingRows.problem(
          hadoopPath(path), links, FileNames.problem(path).orElse(FileFailure.reason(e)));
    }
  }

  private @Nullable Row linked(Path link) {
    try {
      Path target = link.toRealPath();
      BasicFileAttributes attributes = Files.readAttributes(target, BasicFileAttributes.class);
      return attributes.isDirectory()
          ? ListingRows.of(ListingRows.Kind.LINK, address(link), address(target), links + 1)
          : file(link, target, links + 1, attributes);
    } catch (IOException e) {
      String problem =
          e instanceof NoSuchFileException
              ? "it is a link to a file or folder that does not exist"
              : "it is a link that cannot be followed: " + FileFailure.reason(e);
      return ListingRows.problem(hadoopPath(link), links, FileNames.problem(link).orElse(problem));
    }
  }

  /**
   * Returns the row of a file.
   *
   * @return null for a pipe or a device, which would wait for content or never end
   */
  static @Nullable Row file(Path path, Path real, int links, BasicFileAttributes attributes) {
    if (!attributes.isRegularFile()) {
      return null;
    }
    Optional<String> problem = FileNames.problem(path);
    return problem.isPresent()
        ? ListingRows.problem(hadoopPath(path), links, problem.get())
        : ListingRows.file(
            SCHEME + path,
            real.equals(path) ? null : hadoopPath(real),
            links,
            attributes.lastModifiedTime().toMillis(),
            attributes.size());
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
