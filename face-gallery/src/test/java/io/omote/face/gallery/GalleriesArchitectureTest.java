// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.omote.face.FaceGallery;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Stream;
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
        .that(not(nameMatching(".*\\.Lucene.*")))
        .or(nameMatching(".*\\.LuceneGallery.*"))
        .should()
        .dependOnClassesThat(resideInAPackage("org.apache.lucene.."))
        .check(CLASSES);
  }

  @Test
  void galleries_touchNoDriver() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.postgresql..", "ai.."))
        .check(CLASSES);
  }

  /** The compiler checks this on the module path. Users may build on the class path. */
  @Test
  void galleries_touchInnerPackagesThatAreExportedToThem() throws URISyntaxException {
    Path core =
        Path.of(FaceGallery.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String[] exported =
        ModuleFinder.of(core)
            .find("io.omote.face.core")
            .orElseThrow()
            .descriptor()
            .exports()
            .stream()
            .filter(export -> export.targets().contains("io.omote.face.gallery"))
            .map(ModuleDescriptor.Exports::source)
            .toArray(String[]::new);
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.omote.face.internal..").and(not(resideInAnyPackage(exported))))
        .check(CLASSES);
  }

  @Test
  void api_extendsNoInnerType() {
    assertThat(CLASSES)
        .filteredOn(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .flatMap(
            type ->
                Stream.concat(
                        type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
                    .toList())
        .noneMatch(type -> type.getPackageName().startsWith("io.omote.face.internal"));
  }
}
