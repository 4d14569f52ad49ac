// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.gallery.LuceneGallery;
import io.omote.face.gallery.PostgresGallery;
import io.omote.face.internal.files.FileNames;
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
 * A folder, or a gallery of a database. What looks like an address and is none of PostgreSQL is
 * refused, since it would be the name of a folder otherwise; no message says it, because there may
 * be a password in it.
 *
 * @param address the folder, or the JDBC URL of the database
 * @param name which gallery of the database
 */
record GalleryLocation(String address, String name) {
  private static final String POSTGRES = "jdbc:postgresql:";

  private static final String HOST =
      "(?:\\[[\\p{XDigit}:.%]+]|[^\\[\\]:@/?#;,=&\\s\uFFFD]+)(?::\\d{1,5})?";

  private static final String DATABASE = "[^:@/?#;=&\\s\uFFFD]*";

  /** Without user and password before the host, which the driver takes for a part of its name. */
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

  /** A colon before the first slash, as in scheme:, scheme://, host:port and user:password@host. */
  private static final Pattern URL = Pattern.compile("\\s*(?://)?[^/\\\\]*:.*", Pattern.DOTALL);

  private static final Pattern WINDOWS_DRIVE = Pattern.compile("[A-Za-z]:(?:[/\\\\].*)?");

  /**
   * The driver logs addresses, and lines of a file of services, as they stand: with the password.
   * Nothing of it is shown unless somebody sets its level. Held here since the JDK forgets loggers
   * that nobody holds.
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
   * Checks the address; nothing is opened or made.
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
              + "another kind of address (not shown, it may have a password): a folder whose name has a colon is written ./NAME");
    } else {
      folder(address);
    }
  }

  /** Checks an address of a command line. */
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
   * Checks the name of a gallery of a database. What could not be read, or is empty because a
   * variable of a script is not set, would be the name of one gallery for all.
   */
  static final class Name implements ITypeConverter<String> {
    @Override
    public String convert(String name) {
      if (FileNames.isAddress(name)) {
        throw new TypeConversionException(
            "expected the name of a gallery, found an address (not shown, it may have a password)");
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
                "expected a name of 1 to %d bytes in UTF-8, without control characters, found none or another one",
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

  /** The driver itself would say a URL that it does not understand, with the password in it. */
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
            + "another form of it (not shown, it may have a password): the password is best in a file that PGPASSFILE names, special characters are written as %XX");
  }

  /** Opens the gallery, or makes one. */
  FaceGallery open(String modelId) {
    return isDatabase()
        ? PostgresGallery.open(database(), name, modelId)
        : LuceneGallery.open(folder(), modelId);
  }

  /** Opens a gallery that is there, beside others that may write to it. */
  FaceGallery openToRead(String modelId) {
    modelId();
    return isDatabase()
        ? PostgresGallery.openReadOnly(database(), name, modelId)
        : LuceneGallery.openReadOnly(folder(), modelId);
  }

  /**
   * Takes over what others wrote since; a database answers from what it has now, without that.
   *
   * @param gallery a gallery that is open to be read
   */
  static void refresh(FaceGallery gallery) {
    if (gallery instanceof LuceneGallery folder) {
      folder.refresh();
    }
  }

  /** The model of a gallery that is there. */
  String modelId() {
    Optional<String> model =
        isDatabase()
            ? PostgresGallery.modelIdOf(database(), name)
            : LuceneGallery.modelIdOf(folder());
    return model.orElseThrow(
        () ->
            new GalleryException(
                String.format(
                    Locale.ROOT,
                    "expected a gallery at %s, found none: enroll somebody first",
                    this)));
  }

  /** Without a password. */
  @Override
  public String toString() {
    return isDatabase() ? "the database, named " + name : address;
  }
}
