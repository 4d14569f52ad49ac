// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceGallery;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a gallery is: a folder, or a database. */
final class GalleryAddress {
  @Parameters(
      index = "0",
      paramLabel = "GALLERY",
      converter = GalleryLocation.Address.class,
      description =
          "folder of the gallery, or jdbc:postgresql://HOST:PORT/DATABASE?user=NAME of a PostgreSQL"
              + " with pgvector; its password is read from the file that PGPASSFILE names, or from"
              + " ~/.pgpass")
  private String address = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "faces",
      converter = GalleryLocation.Name.class,
      description = "which gallery of a database; by default ${DEFAULT-VALUE}")
  private String name = "faces";

  private GalleryLocation location() {
    return new GalleryLocation(address, name);
  }

  /** Opens the gallery, or makes one. */
  FaceGallery open(String modelId) {
    return location().open(modelId);
  }

  /** Opens a gallery that is there, beside others that may write to it. */
  FaceGallery openToRead(String modelId) {
    return location().openToRead(modelId);
  }

  /** The model of a gallery that is there. */
  String modelId() {
    return location().modelId();
  }
}
