// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.Candidate;
import io.omote.face.FaceGallery;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.gallery.PostgresGallery;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** Keeps a gallery in PostgreSQL with pgvector. Arguments: JDBC_URL REFERENCE PROBE. */
public class GalleryInPostgres {
  public static void main(String[] args) {
    PGSimpleDataSource database = new PGSimpleDataSource(); // in an application: its pool
    database.setUrl(args[0]);
    Path badge = Path.of(args[1]);
    Path door = Path.of(args[2]);
    FaceModels models = ModelZoo.lite();
    try (FaceMatcher matcher = FaceMatcher.create(models);
        FaceGallery staff = PostgresGallery.open(database, "staff", matcher.modelId())) {
      staff.enroll("maya", "badge", matcher.embed(badge).orElseThrow());
      Optional<Candidate> identified =
          staff.identify(
              matcher.embed(door).orElseThrow(), models.identificationPolicy(0.01)); // FPIR
      System.out.println(identified.map(Candidate::person).orElse("not in the gallery"));
    }
  }
}
