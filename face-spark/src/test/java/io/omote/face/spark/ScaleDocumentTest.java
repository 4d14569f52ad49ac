// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The programs in docs/scale.md compile. {@code .ci/scale} runs them on a distribution of Spark.
 */
class ScaleDocumentTest {
  /** The gallery is not on the class path of this module. */
  private static final String NEEDS_GALLERY = "Enroll.java";

  private static final Pattern PROGRAM =
      Pattern.compile("```java\n(.*?public final class (\\w+) .*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  private static Map<String, String> programs() throws IOException {
    Map<String, String> programs = new LinkedHashMap<>();
    PROGRAM
        .matcher(Files.readString(Path.of("../docs/scale.md")))
        .results()
        .forEach((MatchResult found) -> programs.put(found.group(2) + ".java", found.group(1)));
    return programs;
  }

  @Test
  void programs_compileWithoutWarnings() throws Exception {
    List<Path> sources = new ArrayList<>();
    for (Map.Entry<String, String> program : programs().entrySet()) {
      if (!program.getKey().equals(NEEDS_GALLERY)) {
        sources.add(Files.writeString(folder.resolve(program.getKey()), program.getValue()));
      }
    }
    assertThat(sources).hasSize(4);

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  files,
                  found,
                  List.of("-Xlint:all,-classfile,-path,-processing", "-d", folder.toString()),
                  null,
                  files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(found.getDiagnostics())
          .filteredOn(diagnostic -> diagnostic.getKind() != Diagnostic.Kind.NOTE)
          .isEmpty();
      assertThat(compiled).isTrue();
    }
  }

  @Test
  void programs_areNamedInTheText() throws IOException {
    String document = Files.readString(Path.of("../docs/scale.md"));

    assertThat(programs()).hasSize(5);
    assertThat(programs().keySet())
        .allSatisfy(name -> assertThat(document).containsOnlyOnce("(`" + name + "`)"));
  }
}
