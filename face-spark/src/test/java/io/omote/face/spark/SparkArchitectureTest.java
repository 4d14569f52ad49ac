// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The package rules of docs/architecture.md for jobs on Spark. */
class SparkArchitectureTest {
  /** Spark is not modular, so that the compiler does not check this. */
  @Test
  void spark_touchesTwoInnerPackages() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.omote.face..internal..")
                .and(
                    not(
                        resideInAnyPackage(
                            "io.omote.face.internal.search", "io.omote.face.internal.files"))))
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.omote.face.spark"));
  }
}
