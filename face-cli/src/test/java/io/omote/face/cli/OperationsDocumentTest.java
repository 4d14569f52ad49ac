// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The application in docs/operations.md is the compiled and tested one. */
class OperationsDocumentTest {
  private static final Path APPLICATION =
      Path.of("src/it/spring-boot/src/main/java/io/omote/it/web");

  @Test
  void springBoot_isWhatIsTried() throws IOException {
    String document = Files.readString(Path.of("../docs/operations.md"));
    List<String> shown =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(document)
            .results()
            .map(result -> result.group(1))
            .toList();
    assertThat(shown)
        .containsExactly(
            body("FaceMatcherConfiguration"), body("CompareController"), body("FaceErrors"));
  }

  /** Returns the source of a class from its first annotation to its end. */
  private static String body(String name) throws IOException {
    String source = Files.readString(APPLICATION.resolve(name + ".java"));
    return source.substring(source.indexOf("\n@") + 1);
  }
}
