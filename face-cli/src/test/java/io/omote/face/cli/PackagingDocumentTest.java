// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The recipes in docs/packaging.md are passages of the projects that CI builds and runs. */
class PackagingDocumentTest {
  private static final Path PROJECTS = Path.of("src/it");

  @Test
  void recipes_areWhatIsTried() throws IOException {
    List<String> recipes =
        Pattern.compile("```(?:xml|groovy)\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("../docs/packaging.md")))
            .results()
            .map(result -> unindented(result.group(1)))
            .toList();
    assertThat(recipes).hasSize(4);
    assertThat(project("one-platform/pom.xml")).contains(recipes.get(0));
    assertThat(project("spring-boot/pom.xml")).contains(recipes.get(1), recipes.get(2));
    assertThat(project("gradle/build.gradle")).contains(recipes.get(3));
  }

  private static String project(String file) throws IOException {
    return unindented(Files.readString(PROJECTS.resolve(file)));
  }

  private static String unindented(String text) {
    return text.lines().map(String::strip).collect(joining("\n"));
  }
}
