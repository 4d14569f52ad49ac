// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents show: Java compiles, commands have the options, links lead somewhere. */
class GuidesTest {
  private static final Path DOCS = Path.of("../docs");

  @TempDir private Path folder;

  static List<Path> guides() throws IOException {
    try (Stream<Path> files = Files.list(DOCS.resolve("guides"))) {
      return files.sorted().toList();
    }
  }

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(guides());
    try (Stream<Path> files = Files.list(DOCS)) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents;
  }

  @ParameterizedTest
  @MethodSource("guides")
  void java_compiles(Path guide) throws IOException {
    for (String snippet : Snippets.of("java", guide)) {
      Snippets.compile(snippet, folder);
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void commands_haveTheirOptions(Path document) throws IOException {
    List<String> commands = new ArrayList<>(Snippets.of("sh", document));
    commands.addAll(Snippets.of("", document));
    for (String block : commands) {
      block
          .replaceAll("\\\\\\n", " ")
          .lines()
          .filter(line -> line.startsWith("omote "))
          .forEach(
              line ->
                  assertThatNoException()
                      .as(line)
                      .isThrownBy(
                          () ->
                              Commands.commandLine(Omote.of())
                                  .parseArgs(
                                      Arrays.stream(line.split("\\s+"))
                                          .skip(1)
                                          .toArray(String[]::new))));
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void links_leadSomewhere(Path document) throws IOException {
    Pattern.compile("\\]\\(([^)#]+)(?:#([^)]+))?\\)")
        .matcher(Files.readString(document))
        .results()
        .filter(link -> !link.group(1).startsWith("http"))
        .forEach(
            link -> {
              Path target = document.resolveSibling(link.group(1));
              assertThat(target).exists();
              if (link.group(2) != null) {
                assertThat(anchors(target)).as(target.toString()).contains(link.group(2));
              }
            });
  }

  /** Of headings, as they are made of them where documents are shown. */
  private static List<String> anchors(Path document) {
    try {
      return Files.readAllLines(document).stream()
          .filter(line -> line.startsWith("#"))
          .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
          .map(title -> title.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
