// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The versions in docs/dependencies.md are those of the build. */
class DependenciesDocumentTest {
  /** The properties of the parent pom whose names end in ".version". */
  private final Map<String, String> versions =
      Pattern.compile("<([\\w-]+)\\.version>(.+?)</")
          .matcher(read("../pom.xml"))
          .results()
          .collect(Collectors.toMap(result -> result.group(1), result -> result.group(2)));

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The cells of the table below a heading that contains the text. */
  private static List<List<String>> rows(String heading) {
    String document = read("../docs/dependencies.md");
    return document
        .substring(document.indexOf(heading))
        .lines()
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> List.of(line.split(" *\\| *")))
        .toList();
  }

  private static String name(List<String> row) {
    return row.get(1).replaceFirst("^`([\\w-]+)`.*", "$1");
  }

  @Test
  void versions_areThoseOfTheBuild() {
    List<List<String>> rows = rows("# Dependencies");
    assertThat(rows).hasSizeGreaterThan(7);
    for (List<String> row : rows) {
      String name = name(row);
      String version = versions.get(name);
      assertThat(row.get(2)).as(name).isEqualTo(version);
      if (row.size() > 5) {
        assertThat(row.get(5)).as(name).isEqualTo(versions.get("oldest-" + name));
        assertThat(row.get(6)).as(name).isEqualTo(versions.getOrDefault("newest-" + name, version));
      } else {
        assertThat(versions).as(name).doesNotContainKey("oldest-" + name);
      }
    }
  }

  @Test
  void refusedVersions_areOfLibrariesThatAreUsed() {
    List<List<String>> rows = rows("## Newer versions");
    assertThat(rows).isNotEmpty();
    for (List<String> row : rows) {
      assertThat(versions).containsKey(name(row));
      assertThat(row.get(2)).isNotEqualTo(versions.get(name(row)));
    }
  }
}
