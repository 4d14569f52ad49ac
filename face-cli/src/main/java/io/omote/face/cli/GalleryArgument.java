// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceGallery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The parameter for a gallery, in a folder or a database, and the option for its name. */
final class GalleryArgument {
  @Parameters(
      index = "0",
      paramLabel = "GALLERY",
      converter = GalleryLocation.Address.class,
      description =
          "folder of the gallery, or jdbc:postgresql://HOST:PORT/DATABASE?user=NAME for PostgreSQL"
              + " with pgvector; the password is read from the file that PGPASSFILE names, or from"
              + " ~/.pgpass")
  private String address = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "faces",
      converter = GalleryLocation.Name.class,
      description = "name of the gallery in a database; by default ${DEFAULT-VALUE}")
  private String name = "faces";

  private GalleryLocation location() {
    return new GalleryLocation(address, name);
  }

  /** Opens the gallery, or creates it. */
  FaceGallery open(String modelId) {
    return location().open(modelId);
  }

  /** Opens an existing gallery for reading; others may write to it at the same time. */
  FaceGallery openToRead(String modelId) {
    return location().openToRead(modelId);
  }

  /** Returns the id of the model of the gallery, empty if there is no gallery. */
  Optional<String> findModelId() {
    return location().findModelId();
  }

  /** Returns whether this is the gallery in a folder. */
  boolean isIn(Path folder) throws IOException {
    return location().isIn(folder);
  }

  /** Returns the id of the model of an existing gallery. */
  String modelId() {
    return location().modelId();
  }
}
