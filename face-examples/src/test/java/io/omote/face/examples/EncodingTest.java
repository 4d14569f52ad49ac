// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import io.omote.face.FaceImage;
import io.omote.face.galleries.LuceneGallery;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No class of any module calls what keeps an image in a temporary file. ImageIO does where it makes
 * the stream itself; to say otherwise for the whole process is the host's to decide.
 */
class EncodingTest {
  /** Of where each module's classes are, whether folder or jar: the class path has much else. */
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importLocations(
              Stream.of(FaceImage.class, ModelZoo.class, LuceneGallery.class, Blur.class)
                  .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                  .map(Location::of)
                  .toList());

  private static final Map<String, Set<String>> FORBIDDEN =
      Map.of(
          "javax.imageio.ImageIO",
          Set.of(
              "read",
              "write",
              "createImageInputStream",
              "createImageOutputStream",
              "setUseCache",
              "setCacheDirectory"),
          "org.knowm.xchart.BitmapEncoder",
          Set.of("saveBitmap", "saveBitmapWithDPI", "saveJPGWithQuality", "getBitmapBytes"),
          "ai.djl.modality.cv.ImageFactory",
          Set.of("fromInputStream", "fromUrl"),
          "ai.djl.modality.cv.Image",
          Set.of("save"),
          "java.io.File",
          Set.of("createTempFile"),
          "java.nio.file.Files",
          Set.of("createTempFile", "createTempDirectory"));

  /** In a module that is built by a profile of its own. */
  private static final Pattern FORBIDDEN_SOURCE =
      Pattern.compile(
          "ImageIO\\.(read|createImage|setUseCache|setCacheDirectory)"
              + "|ImageIO\\.write\\((?!.*(, memory\\)|\\.toFile\\(\\)\\)))"
              + "|FileCacheImage|DeferredFileOutputStream|DiskFileItem");

  /** Keeps what is downloaded of a pack of models beside where it belongs. */
  private static final DescribedPredicate<JavaAccess<?>> FORBIDDEN_CALL =
      DescribedPredicate.describe(
          "what keeps an image in a temporary file",
          access ->
              FORBIDDEN
                      .getOrDefault(access.getTargetOwner().getName(), Set.of())
                      .contains(access.getName())
                  && !access.getOriginOwner().getName().equals("io.omote.face.models.PackFolder"));

  @Test
  void images_areNotKeptInTemporaryFiles() {
    assertThat(CLASSES.contain("io.omote.face.models.PackFolder")).isTrue();
    assertThat(CLASSES.contain(Blur.class)).isTrue();
    noClasses().should().accessTargetWhere(FORBIDDEN_CALL).check(CLASSES);
    noClasses()
        .should()
        .dependOnClassesThat(
            simpleNameStartingWith("FileCacheImage")
                .or(simpleName("DeferredFileOutputStream"))
                .or(simpleNameStartingWith("DiskFileItem")))
        .check(CLASSES);
  }

  @Test
  void otherModules_doNotKeepImagesInTemporaryFilesEither() throws IOException {
    for (String module : List.of("face-spark", "face-benchmarks")) {
      try (Stream<Path> sources = Files.walk(Path.of("..", module, "src", "main", "java"))) {
        List<Path> files = sources.filter(file -> file.toString().endsWith(".java")).toList();
        assertThat(files).isNotEmpty();
        for (Path file : files) {
          assertThat(Files.readString(file))
              .as(file.toString())
              .doesNotContainPattern(FORBIDDEN_SOURCE);
        }
      }
    }
  }
}
