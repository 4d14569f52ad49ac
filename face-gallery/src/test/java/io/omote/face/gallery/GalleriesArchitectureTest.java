// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md for galleries. */
class GalleriesArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.omote.face.gallery");

  @Test
  void lucene_staysBehindItsStore() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.LuceneStore.*")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.lucene..")
        .check(CLASSES);
  }

  @Test
  void galleries_touchTheApiAndTheExactSearchOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.omote.face.internal.network..",
            "io.omote.face.internal.image..",
            "io.omote.face.internal.engine..",
            "io.omote.face.internal.network..",
            "org.postgresql..",
            "ai..")
        .check(CLASSES);
  }
}
