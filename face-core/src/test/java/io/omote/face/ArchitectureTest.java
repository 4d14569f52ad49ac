// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The package rules of docs/architecture.md. */
class ArchitectureTest {
  private static final String ROOT = "io.omote.face";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  private static final String INTERNAL = ROOT + ".internal";
  private static final String[] API = {
    ROOT, ROOT + ".attribute", ROOT + ".description", ROOT + ".djl"
  };
  private static final String[] JDK = {"java..", "javax..", "org.jspecify.annotations.."};

  /** The only place where the API uses the implementation, and the values that it passes. */
  private static final DescribedPredicate<JavaClass> SEAM =
      resideInAPackage(INTERNAL)
          .or(simpleName("DecodedPixels"))
          .or(resideInAPackage(INTERNAL + ".options"))
          .as("the seam, %s.Implementations", INTERNAL);

  private static DescribedPredicate<JavaClass> in(String... packages) {
    return resideInAnyPackage(packages)
        .or(JavaClass.Predicates.equivalentTo(void.class))
        .or(DescribedPredicate.describe("are primitive", JavaClass::isPrimitive));
  }

  private static String[] with(String[] packages, String... others) {
    return Stream.concat(Arrays.stream(packages), Arrays.stream(others)).toArray(String[]::new);
  }

  /** An inner package may use the API, the JDK and the packages that the table allows. */
  private static void assertInnerMayTouch(String name, String... others) {
    String inner = INTERNAL + "." + name;
    classes()
        .that(resideInAPackage(inner))
        .should()
        .onlyDependOnClassesThat(in(with(with(API, JDK), with(others, inner))))
        .check(CLASSES);
  }

  @Test
  void api_reachesInwardByTheSeamOnly() {
    classes()
        .that(resideInAnyPackage(ROOT, ROOT + ".attribute", ROOT + ".description"))
        .should()
        .onlyDependOnClassesThat(in(with(API, JDK)).or(SEAM))
        .check(CLASSES);
  }

  /** What a user extends, gets or gives is API. */
  @Test
  void api_showsNoInnerAndNoForeignType() {
    List<String> shown = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      if (type.getPackageName().startsWith(INTERNAL) || !isVisible(type)) {
        continue;
      }
      // All members: a type also shows what it inherits from types that users cannot name.
      Stream.of(
              type.getAllInvolvedRawTypes().stream(),
              type.getAllRawSuperclasses().stream(),
              type.getAllRawInterfaces().stream(),
              type.getAllMembers().stream()
                  .filter(member -> !member.getOwner().getPackageName().startsWith("java."))
                  .filter(ArchitectureTest::isVisible)
                  .flatMap(member -> member.getAllInvolvedRawTypes().stream()))
          .flatMap(types -> types)
          .filter(other -> isForeign(other, type))
          .forEach(other -> shown.add(type.getName() + " shows " + other.getName()));
    }
    assertThat(shown).isEmpty();
  }

  private static boolean isVisible(HasModifiers member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static boolean isForeign(JavaClass other, JavaClass shownBy) {
    String name = other.getBaseComponentType().getPackageName();
    if (name.startsWith("ai.djl.")) {
      return !shownBy.getPackageName().equals(ROOT + ".djl");
    }
    return !name.isEmpty() && !name.startsWith("java.") && !Arrays.asList(API).contains(name);
  }

  @Test
  void djl_isFreeToReachInward() {
    classes()
        .that(resideInAPackage(ROOT + ".djl"))
        .should()
        .onlyDependOnClassesThat(in(with(with(API, JDK), INTERNAL + "..", "ai.djl..")))
        .check(CLASSES);
    noClasses()
        .that(DescribedPredicate.not(resideInAPackage(ROOT + ".djl")))
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + ".djl"))
        .check(CLASSES);
  }

  @Test
  void innerPackages_touchWhatTheyAreBuiltOn() {
    String geometry = INTERNAL + ".geometry";
    String image = INTERNAL + ".image";
    String engine = INTERNAL + ".engine";
    classes()
        .that(resideInAPackage(geometry))
        .should()
        .onlyDependOnClassesThat(in(with(JDK, geometry)))
        .check(CLASSES);
    String options = INTERNAL + ".options";
    String call = INTERNAL + ".call";
    String network = INTERNAL + ".network";
    assertInnerMayTouch("options");
    assertInnerMayTouch("call", options);
    assertInnerMayTouch("engine", options, "ai.djl..", "ai.onnxruntime..", "org.slf4j..");
    assertInnerMayTouch("image", geometry, "org.slf4j..");
    assertInnerMayTouch("network", options, geometry, image, engine, "ai.djl..", "org.slf4j..");
    assertInnerMayTouch("attribute", geometry, image, network);
    assertInnerMayTouch("matcher", call, options, image, network);
    assertInnerMayTouch("search");
    assertInnerMayTouch("files", image);
  }

  /** A new package needs a rule in {@link #innerPackages_touchWhatTheyAreBuiltOn}. */
  @Test
  void innerPackages_areThoseWithRules() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .filteredOn(name -> name.startsWith(INTERNAL + "."))
        .map(name -> name.substring(INTERNAL.length() + 1))
        .containsExactlyInAnyOrder(
            "geometry",
            "options",
            "call",
            "engine",
            "image",
            "network",
            "attribute",
            "matcher",
            "search",
            "files");
  }

  @Test
  void innerPackages_haveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching(INTERNAL + ".(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  /** The rule that the compiler enforces on the module path. */
  @Test
  void module_exportsTheApiToEverybodyAndInnerPackagesToItsOwn() {
    ModuleDescriptor module =
        ModuleFinder.of(Path.of("target/classes"))
            .find("io.omote.face.core")
            .orElseThrow()
            .descriptor();
    assertThat(module.exports())
        .allSatisfy(
            exported ->
                assertThat(exported.isQualified())
                    .as(exported.source())
                    .isEqualTo(exported.source().startsWith(INTERNAL)))
        .flatMap(ModuleDescriptor.Exports::targets)
        .allMatch(target -> target.startsWith("io.omote.face."));
    assertThat(module.exports())
        .filteredOn(exported -> !exported.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .containsExactlyInAnyOrder(API);
    assertThat(module.isOpen()).isFalse();
    assertThat(module.opens()).isEmpty();
  }
}
