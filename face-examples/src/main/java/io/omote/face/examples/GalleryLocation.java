// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceGallery;
import io.omote.face.GalleryException;
import io.omote.face.galleries.LuceneGallery;
import io.omote.face.galleries.PostgresGallery;
import java.nio.file.Path;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A folder, or a gallery of a database.
 *
 * @param address the folder, or the JDBC URL of the database
 * @param name which gallery of the database
 */
record GalleryLocation(String address, String name) {
  private static final String POSTGRES = "jdbc:postgresql:";

  private boolean isDatabase() {
    return address.startsWith(POSTGRES);
  }

  private PGSimpleDataSource database() {
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(address);
    return database;
  }

  /** Opens the gallery, or makes one. */
  FaceGallery open(String modelId) {
    return isDatabase()
        ? PostgresGallery.open(database(), name, modelId)
        : LuceneGallery.open(Path.of(address), modelId);
  }

  /** Opens a gallery that is there, beside others that may write to it. */
  FaceGallery openToRead(String modelId) {
    modelId();
    return isDatabase()
        ? PostgresGallery.openReadOnly(database(), name, modelId)
        : LuceneGallery.openReadOnly(Path.of(address), modelId);
  }

  /** The model of a gallery that is there. */
  String modelId() {
    Optional<String> model =
        isDatabase()
            ? PostgresGallery.modelIdOf(database(), name)
            : LuceneGallery.modelIdOf(Path.of(address));
    return model.orElseThrow(
        () ->
            new GalleryException(
                "expected a gallery at %s, found none: enrol somebody first"
                    .formatted(isDatabase() ? "the database, named " + name : address)));
  }
}
