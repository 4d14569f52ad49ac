// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows is true: its Java compiles, its commands do what it says. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");

  @TempDir Path folder;

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static List<String> blocks(String language) throws IOException {
    return Snippets.of(language, ROOT.resolve("README.md"));
  }

  static List<String> javaBlocks() throws IOException {
    return blocks("java");
  }

  @ParameterizedTest
  @MethodSource("javaBlocks")
  void java_compiles(String snippet) throws IOException {
    Snippets.compile(snippet, folder);
  }

  /**
   * The first one succeeds; the exit code of the second one says that an image shows somebody else.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void compareCommand_printsWhatTheReadmeSays(int number) throws Exception {
    String command = blocks("sh").get(number).lines().reduce((first, last) -> last).orElseThrow();
    Matcher arguments =
        Pattern.compile("java -jar \\S+/omote.jar (\\S+) (\\S+)/(\\w*)\\*").matcher(command);
    assertThat(arguments.matches()).isTrue();
    List<String> words = new ArrayList<>(List.of(arguments.group(1)));
    // The command is run from the root, the tests from their module.
    try (Stream<Path> images = Files.list(ROOT.resolve(arguments.group(2)))) {
      images
          .filter(image -> image.getFileName().toString().startsWith(arguments.group(3)))
          .sorted()
          .map(Path::toString)
          .forEach(words::add);
    }
    StringWriter output = new StringWriter();
    int exitCode =
        Commands.commandLine(Omote.of())
            .setOut(new PrintWriter(output))
            .execute(words.toArray(String[]::new));
    assertThat(exitCode).isEqualTo(number);
    assertThat(twoDigits(output.toString()))
        .isEqualToNormalizingNewlines(twoDigits(blocks("text").get(number)));
  }

  /** The README lists all commands. */
  @Test
  void commands_areAllNamed() throws IOException {
    String paragraph =
        readme()
            .substring(
                readme().indexOf("It has the commands"), readme().indexOf("The script `omote`"));
    List<String> named =
        Pattern.compile("`([a-z]+)`")
            .matcher(paragraph)
            .results()
            .map(result -> result.group(1))
            .filter(name -> !name.equals("omote"))
            .toList();
    assertThat(named)
        .containsExactlyElementsOf(Commands.commandLine(Omote.of()).getSubcommands().keySet());
  }

  /** Processors round differently in the last digits. */
  private static String twoDigits(String text) {
    return text.replaceAll("(\\d\\.\\d\\d)\\d+", "$1");
  }

  @Test
  void testCommand_isWhatCiRuns() throws IOException {
    String command = blocks("sh").get(3).strip();
    // CI takes the block itself from the README.
    assertThat(Files.readString(ROOT.resolve(".ci/run")))
        .contains("\nbash -ec \"$(readme \"" + command + "\")\"\n");
  }

  @Test
  void dependency_isThisVersion() throws IOException {
    String pom = Files.readString(ROOT.resolve("face-models/pom.xml"));
    List<String> coordinates = new ArrayList<>();
    Pattern.compile("<(groupId|artifactId|version)>([^<]+)<")
        .matcher(blocks("xml").get(0))
        .results()
        .map((MatchResult result) -> result.group(2))
        .forEach(coordinates::add);
    assertThat(coordinates).first().isEqualTo("io.omote");
    assertThat(pom).contains("<artifactId>" + coordinates.get(1) + "</artifactId>");
    assertThat(pom).contains("<version>" + coordinates.get(2) + "</version>");
  }

  @Test
  void links_leadSomewhere() throws IOException {
    Pattern.compile("\\]\\(([^)#]+)\\)")
        .matcher(readme())
        .results()
        .map(result -> result.group(1))
        .filter(target -> !target.startsWith("http"))
        .forEach(target -> assertThat(ROOT.resolve(target)).exists());
  }
}
