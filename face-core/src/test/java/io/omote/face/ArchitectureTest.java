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
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  private static final DescribedPredicate<JavaClass> SEAM = simpleName("Implementations");
  private static final String[] JDK = {"java..", "javax..", "org.jspecify.annotations.."};

  private static void assertMayTouch(String packageName, String... others) {
    List<String> allowed = new ArrayList<>(List.of(JDK));
    allowed.add(packageName);
    allowed.addAll(List.of(others));
    ArchRule rule =
        classes()
            .that(resideInAPackage(packageName))
            .and(DescribedPredicate.not(SEAM))
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(allowed.toArray(String[]::new))
                    .or(JavaClass.Predicates.equivalentTo(void.class))
                    .or(DescribedPredicate.describe("are primitive", JavaClass::isPrimitive))
                    .or(
                        resideInAPackage(ROOT)
                            .and(SEAM)
                            .and(
                                DescribedPredicate.describe(
                                    "the seam, from the API", c -> packageName.equals(ROOT)))));
    rule.check(CLASSES);
  }

  @Test
  void api_touchesDescriptionsOnly() {
    assertMayTouch(ROOT, ROOT + ".model", ROOT + ".attribute");
  }

  @Test
  void descriptions_touchTheJdkOnly() {
    assertMayTouch(ROOT + ".model", ROOT + ".attribute");
  }

  @Test
  void attributes_touchTheJdkOnly() {
    assertMayTouch(ROOT + ".attribute");
  }

  @Test
  void seam_isPackagePrivate() {
    classes().that(SEAM).should().bePackagePrivate().check(CLASSES);
  }

  @Test
  void geometry_touchesTheJdkOnly() {
    assertMayTouch(ROOT + ".geometry");
  }

  @Test
  void image_touchesGeometryAndOpenCv() {
    assertMayTouch(
        ROOT + ".image",
        ROOT,
        ROOT + ".model",
        ROOT + ".geometry",
        // Where the native libraries are.
        ROOT + ".inference",
        "org.opencv..",
        "nu.pattern..",
        "org.slf4j..");
  }

  @Test
  void openCv_isUsedForDecodingOnly() {
    noClasses()
        .that(DescribedPredicate.not(simpleName("OpenCvDecoder").or(nestedIn("OpenCvDecoder"))))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.opencv..", "nu.pattern.."))
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> nestedIn(String outer) {
    return DescribedPredicate.describe(
        "nested in " + outer, c -> c.getName().contains("." + outer + "$"));
  }

  @Test
  void inference_touchesDjlAndOnnxRuntime() {
    assertMayTouch(
        ROOT + ".inference", ROOT, ROOT + ".model", "ai.djl..", "ai.onnxruntime..", "org.slf4j..");
  }

  @Test
  void detectionAndRecognition_touchWhatTheyAreBuiltOn() {
    for (String name : List.of(".detection", ".recognition")) {
      assertMayTouch(
          ROOT + name,
          ROOT,
          // Files in a folder are told apart by what they look like, analyzers too.
          ROOT + (name.equals(".detection") ? ".analysis" : ".model"),
          ROOT + ".model",
          ROOT + ".geometry",
          ROOT + ".image",
          ROOT + ".inference",
          "ai.djl..",
          "org.slf4j..");
    }
  }

  @Test
  void analysis_touchesWhatItIsBuiltOn() {
    assertMayTouch(
        ROOT + ".analysis",
        ROOT,
        ROOT + ".model",
        ROOT + ".attribute",
        ROOT + ".geometry",
        ROOT + ".image",
        ROOT + ".inference",
        ROOT + ".recognition",
        "ai.djl..");
  }

  @Test
  void gallery_touchesTheApiOnly() {
    assertMayTouch(ROOT + ".gallery", ROOT);
  }

  @Test
  void evaluation_touchesTheApiTheScanAndGson() {
    assertMayTouch(
        ROOT + ".evaluation", ROOT, ROOT + ".model", ROOT + ".gallery", "com.google.gson..");
  }

  @Test
  void innerPackages_haveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching(ROOT + ".(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void publicApi_exposesNoForeignType() {
    noClasses()
        .that(resideInAPackage(ROOT))
        .and()
        .arePublic()
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("ai..", "org.opencv..", "com.google..", "org.slf4j.."))
        .check(CLASSES);
  }

  /**
   * Of the packages that are not the API, the published documentation shows the Translators only.
   */
  @Test
  void innerClasses_areHiddenFromTheDocumentation() throws IOException {
    List<String> shown = new ArrayList<>();
    for (String inner :
        List.of(
            "geometry", "image", "inference", "detection", "recognition", "analysis", "gallery")) {
      Path folder = Path.of("src/main/java/io/omote/face", inner);
      try (Stream<Path> sources = Files.list(folder)) {
        for (Path source : sources.toList()) {
          String text = Files.readString(source);
          if (text.contains("\npublic ") && !text.contains("\n * @hidden\n")) {
            shown.add(source.getFileName().toString());
          }
        }
      }
    }
    assertThat(shown).isNotEmpty().allMatch(name -> name.endsWith("Translator.java"));
  }
}
