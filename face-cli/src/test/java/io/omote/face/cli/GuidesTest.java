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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents show passages of programs, existing options of commands, and valid links. */
class GuidesTest {
  private static final Path DOCS = Path.of("../docs");

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

  /**
   * The tests of face-examples compile and run the programs. The first block of a guide has the
   * imports that its names need.
   */
  @ParameterizedTest
  @MethodSource("guides")
  void java_isAPassageOfAProgramWithItsImports(Path guide) throws IOException {
    List<String> programs = programs();
    boolean isFirst = true;
    for (String block : Snippets.of("java", guide)) {
      String code = Snippets.withoutImports(block);
      List<String> showing =
          programs.stream()
              .filter(
                  program ->
                      IntStream.of(0, 2, 4)
                          .mapToObj(depth -> indented(code, depth))
                          .anyMatch(program::contains))
              .toList();
      assertThat(showing)
          .as("%s shows what is in no program of face-examples:%n%s", guide, block)
          .isNotEmpty();
      if (isFirst) {
        assertThat(Snippets.imports(block))
            .as("imports of %s", guide)
            .isEqualTo(
                Snippets.imports(showing.get(0)).stream()
                    .filter(line -> isUsed(line, code))
                    .toList());
      }
      isFirst = false;
    }
  }

  private static boolean isUsed(String importLine, String code) {
    String name = importLine.substring(importLine.lastIndexOf('.') + 1, importLine.length() - 1);
    return Pattern.compile("\\b" + name + "\\b").matcher(code).find();
  }

  private static List<String> programs() throws IOException {
    List<String> programs = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("../face-examples/src/main/java"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        programs.add(Files.readString(file));
      }
    }
    return programs;
  }

  private static String indented(String block, int depth) {
    return block.replaceAll("(?m)^(?=.)", " ".repeat(depth));
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

  /** Returns the anchors of the headings of a document, as code hosting sites create them. */
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
