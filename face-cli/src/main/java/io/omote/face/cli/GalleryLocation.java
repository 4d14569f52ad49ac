// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.gallery.LuceneGallery;
import io.omote.face.gallery.PostgresGallery;
import io.omote.face.internal.files.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The location of a gallery: a folder, or a database and a name. An address that is not a JDBC URL
 * of PostgreSQL is refused, because it would otherwise become the name of a folder. Messages never
 * contain addresses, because an address may contain a password.
 *
 * @param address the folder, or the JDBC URL of the database
 * @param name the name of the gallery in the database
 */
record GalleryLocation(String address, String name) {
  private static final String POSTGRES = "jdbc:postgresql:";

  private static final String HOST =
      "(?:\\[[\\p{XDigit}:.%]+]|[^\\[\\]:@/?#;,=&\\s\uFFFD]+)(?::\\d{1,5})?";

  private static final String DATABASE = "[^:@/?#;=&\\s\uFFFD]*";

  /** Excludes user and password before the host, which the driver treats as part of the host. */
  private static final Pattern POSTGRES_URL =
      Pattern.compile(
          String.format(
              Locale.ROOT,
              "%s(?://(?:%s(?:,%s)*)?(?:/%s)?|%s)(?:\\?[^\uFFFD]*)?",
              POSTGRES,
              HOST,
              HOST,
              DATABASE,
              DATABASE));

  /** Has a colon before the first slash: scheme:, scheme://, host:port or user:password@host. */
  private static final Pattern URL = Pattern.compile("\\s*(?://)?[^/\\\\]*:.*", Pattern.DOTALL);

  private static final Pattern WINDOWS_DRIVE = Pattern.compile("[A-Za-z]:(?:[/\\\\].*)?");

  /**
   * The logger of the driver. It is off unless its level is set, because the driver logs addresses
   * and lines of service files with their passwords. It is held here because the JDK discards
   * loggers that nothing refers to.
   */
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  static {
    if (DRIVER.getLevel() == null) {
      DRIVER.setLevel(Level.OFF);
    }
  }

  private static final String EXPECTED =
      "expected a folder, or jdbc:postgresql://HOST:PORT/DATABASE?user=NAME, found ";

  /**
   * Checks the address. Opens and creates nothing.
   *
   * @throws IllegalArgumentException if it is neither a folder nor the URL of a PostgreSQL
   */
  GalleryLocation {
    if (address.isBlank()) {
      throw new IllegalArgumentException(EXPECTED + "an empty text");
    }
    if (address.startsWith(POSTGRES)) {
      database(address);
    } else if (URL.matcher(address).matches() && !WINDOWS_DRIVE.matcher(address).matches()) {
      throw new IllegalArgumentException(
          EXPECTED
              + "another kind of address (not shown, it may contain a password): write ./NAME for a folder whose name has a colon");
    } else {
      folder(address);
    }
  }

  /** Checks an address on the command line. */
  static final class Address implements ITypeConverter<String> {
    @Override
    public String convert(String address) {
      try {
        GalleryLocation location = new GalleryLocation(address, "");
        if (!location.isDatabase()) {
          FileNames.path(address);
        }
        return address;
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /**
   * Checks the name of a gallery in a database. A name that could not be decoded, or is empty
   * because a script did not set a variable, would lead all callers to the same gallery.
   */
  static final class Name implements ITypeConverter<String> {
    @Override
    public String convert(String name) {
      if (FileNames.isAddress(name)) {
        throw new TypeConversionException(
            "expected the name of a gallery, found an address (not shown, it may contain a password)");
      }
      FileNames.loss(name)
          .ifPresent(
              loss -> {
                throw new TypeConversionException(loss);
              });
      if (!GalleryEntry.isName(name)) {
        throw new TypeConversionException(
            String.format(
                Locale.ROOT,
                "expected a name of 1 to %d bytes in UTF-8, without control characters",
                GalleryEntry.MAX_NAME));
      }
      return name;
    }
  }

  private boolean isDatabase() {
    return address.startsWith(POSTGRES);
  }

  private static Path folder(String address) {
    try {
      return Path.of(address);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          FileNames.loss(address)
              .orElse(EXPECTED + "a name that this system does not allow (" + e.getReason() + ")"),
          e);
    }
  }

  private Path folder() {
    return folder(address);
  }

  private PGSimpleDataSource database() {
    return database(address);
  }

  /** Parses a URL. A message of the driver itself would contain the URL, with the password. */
  private static PGSimpleDataSource database(String url) {
    if (POSTGRES_URL.matcher(url).matches()) {
      PGSimpleDataSource database = new PGSimpleDataSource();
      try {
        database.setUrl(url);
        return database;
      } catch (IllegalArgumentException e) {
        // Refused below, without the cause.
      }
    }
    throw new IllegalArgumentException(
        EXPECTED
            + "another form of it (not shown, it may contain a password): put the password into the file that PGPASSFILE names, and write special characters as %XX");
  }

  /** Opens the gallery, or creates it. */
  FaceGallery open(String modelId) {
    return isDatabase()
        ? PostgresGallery.open(database(), name, modelId)
        : LuceneGallery.open(folder(), modelId);
  }

  /** Opens an existing gallery for reading; others may write to it at the same time. */
  FaceGallery openToRead(String modelId) {
    modelId();
    return isDatabase()
        ? PostgresGallery.openReadOnly(database(), name, modelId)
        : LuceneGallery.openReadOnly(folder(), modelId);
  }

  /**
   * Makes the changes of others visible. A database always shows its current state and needs no
   * refresh.
   *
   * @param gallery a gallery that is open for reading
   * @return whether there were changes
   */
  static boolean refresh(FaceGallery gallery) {
    return gallery instanceof LuceneGallery folder && folder.refresh();
  }

  /** Returns the id of the model of the gallery, empty if there is no gallery. */
  Optional<String> findModelId() {
    return isDatabase()
        ? PostgresGallery.modelIdOf(database(), name)
        : LuceneGallery.modelIdOf(folder());
  }

  /** Returns the id of the model of an existing gallery. */
  String modelId() {
    return findModelId().orElseThrow(() -> missing(toString()));
  }

  /** Returns the id of the model of the existing gallery in a folder. */
  static String modelIdOf(Path folder) {
    return LuceneGallery.modelIdOf(folder).orElseThrow(() -> missing(FileNames.readable(folder)));
  }

  private static GalleryException missing(String where) {
    return new GalleryException(
        String.format(Locale.ROOT, "there is no gallery at %s: enroll people first", where));
  }

  /** Returns whether this is the gallery in a folder. */
  boolean isIn(Path other) throws IOException {
    return !isDatabase() && Files.exists(folder()) && Files.isSameFile(folder(), other);
  }

  /** Returns a text without the address of a database, which may contain a password. */
  @Override
  public String toString() {
    return isDatabase() ? "the database, named " + name : address;
  }
}
