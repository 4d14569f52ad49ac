// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** The package rules of docs/architecture.md for the command. */
class CliArchitectureTest {
  /** The command is not a module, so that the compiler does not check this. */
  @Test
  void cli_touchesOneInnerPackage() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.omote.face..internal..")
                .and(not(resideInAPackage("io.omote.face.internal.files"))))
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.omote.face.cli"));
  }

  @Test
  void packages_haveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("io.omote.face.(cli..)")
        .should()
        .beFreeOfCycles()
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.omote.face.cli"));
  }
}
