// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

/** Mistakes in arguments, which take one line each. */
class UsageMistakeTest {
  private static Run run(String line) {
    return Run.of(Omote.of(line.split(" ")), Arrays.stream(line.split(" ")).toArray());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "compare --treshold 0.4 a b ~ unknown option '--treshold', perhaps --threshold: try omote compare --help",
        "compare --treshold=0.4 a b ~ unknown option '--treshold', perhaps --threshold: try omote compare --help",
        "compare -threshold 3 a b ~ unknown option '-threshold', perhaps --threshold: try omote compare --help",
        "compare --thresh 3 a b ~ unknown option '--thresh', perhaps --threshold: try omote compare --help",
        "compare a b --nosuch ~ unknown option '--nosuch': try omote compare --help",
        "compare a b -j ~ unknown option '-j': try omote compare --help",
        "--json compare a b ~ unknown option '--json', give options after the command: try omote --help",
        "compare --threshold 0,4 a b ~ expected a number for --threshold, found '0,4', write 0.4: try omote compare --help",
        "compare --threshold abc a b ~ expected a number for --threshold, found 'abc': try omote compare --help",
        "compare --threshold= a b ~ expected a number for --threshold, found '': try omote compare --help",
        "serve --port 80a ~ expected a whole number for --port, found '80a': try omote serve --help",
        "serve --port 99999999999 ~ expected a smaller number for --port, found '99999999999': try omote serve --help",
        "compare a b --selection highest_score ~ expected one of central, largest, only for --selection, found 'highest_score': try omote compare --help",
        "compare a b --selection larges ~ expected one of central, largest, only for --selection, found 'larges', perhaps largest: try omote compare --help",
        "detect -photo.jpg ~ unknown option '-photo.jpg': try omote detect --help",
        "detect --jsno ~ unknown option '--jsno', perhaps --json: try omote detect --help",
        "help compare extra ~ unexpected argument 'extra': try omote compare --help",
        "help models nosuch ~ unknown command 'nosuch': try omote models --help",
        "help nosuch ~ unknown command 'nosuch': try omote --help",
        "compare --json=maybe a b ~ --json takes no value, found 'maybe': try omote compare --help",
        "blur --how blurr --output x a ~ expected one of blur, mosaic, fill for --how, found 'blurr', perhaps blur: try omote blur --help",
        "compare --selection centrall a b ~ expected one of central, largest, only for --selection, found 'centrall', perhaps central: try omote compare --help",
        "compare --selection highest_score a b ~ expected one of central, largest, only for --selection, found 'highest_score': try omote compare --help",
        "completion tcsh ~ expected one of bash, zsh, fish for SHELL, found 'tcsh': try omote completion --help",
        "compare ~ REFERENCE and PROBE_OR_FOLDER are missing: try omote compare --help",
        "compare a ~ PROBE_OR_FOLDER is missing: try omote compare --help",
        "blur a ~ --output=FOLDER is missing: try omote blur --help",
        "compare --models ~ --models needs a value, NAME|FOLDER: try omote compare --help",
        "compare --threshold --json a b ~ --threshold needs a value, COSINE: try omote compare --help",
        "compare --json --json a b ~ --json was given twice, give it once: try omote compare --help",
        "enroll g f --gate --gate ~ --gate was given twice, give it once: try omote enroll --help",
        "enroll g f --gate --open-eyes --open-eyes ~ --open-eyes was given twice, give it once: try omote enroll --help",
        "compare --threshold 1 --threshold 2 a b ~ --threshold was given twice, give it once: try omote compare --help",
        "compare --threshold 1 --operating-point x a b ~ --threshold and --operating-point exclude each other, give one of them: try omote compare --help",
        "cds a b ~ unexpected argument 'b': try omote cds --help",
        "cds a - ~ unexpected argument '-': try omote cds --help",
        "evaluate a b ~ unexpected argument 'b': try omote evaluate --help",
        "gallery g --sample x ~ --sample needs --remove: name the person; try omote gallery --help",
        "comprae a b ~ unknown command 'comprae', perhaps compare: try omote --help",
        "anlyze a ~ unknown command 'anlyze', perhaps analyze: try omote --help",
        "nosuch ~ unknown command 'nosuch': try omote --help",
        "models ~ a command is missing, one of delete, fetch, list, verify: try omote models --help",
        "models fethc lite ~ unknown command 'fethc', perhaps fetch: try omote models --help",
        "models fetch ~ NAME is missing: try omote models fetch --help",
        "models fetch --accept lite ~ unknown option '--accept', perhaps --accept-license: try omote models fetch --help",
        "evaluate identification ~ FOLDER is missing: try omote evaluate identification --help"
      })
  void mistake_isOneLineWithASuggestion(String line, String expected) {
    Run run = run(line);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).containsExactly(expected);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nosuch --help",
        "nosuch -h",
        "help nosuch",
        "models nosuch --help",
        "help models nosuch"
      })
  void helpOfAnUnknownCommand_isAMistake(String line) {
    Run run = run(line);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("unknown command 'nosuch': try omote ").hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "help, omote",
    "help compare, omote compare",
    "help models, omote models",
    "help models fetch, omote models fetch",
    "help evaluate identification, omote evaluate identification",
    "help help, omote help",
    "models fetch --help, omote models fetch"
  })
  void help_isShown(String line, String command) {
    Run run = run(line);

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("Usage: " + command + " ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish", "FISH"})
  void completion_knowsCommandsAndOptions(String shell) {
    Run run = run("completion " + shell);

    assertThat(run.exitCode()).isZero();
    for (String command : OmoteTest.commands()) {
      assertThat(run.out()).contains(command);
    }
    assertThat(run.out())
        .containsIgnoringCase("identification")
        .contains("operating-point", "accept-license");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "compare --threshold 3 a b ~ --threshold: expected a threshold in [-1, 1], a raw cosine, found 3.0",
        "identify --threshold NaN g a ~ --threshold: expected a threshold in [-1, 1], a raw cosine, found NaN",
        "identify --fpir 2 g a ~ --fpir: expected a false positive identification rate in (0, 1), found 2.0",
        "identify --limit 0 g a ~ --limit: expected a number from 1 to 1000, found 0",
        "calibrate --fmr 0 --operating-point b a ~ --fmr: expected a false match rate in (0, 1], found 0.0",
        "calibrate --fpir 0.1 --samples 0 --operating-point b a ~ --fpir and --samples: expected 1 sample or more, found 0",
        "evaluate --threads 0 a ~ --threads: expected at least one thread, found 0",
        "evaluate identification --rounds 0 a ~ --rounds: expected at least one round, found 0"
      })
  void valueOutOfItsRange_isRefusedBeforeAnythingIsRead(String line, String expected) {
    Run run = run(line);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).containsExactly(expected);
    assertThat(run.out()).isEmpty();
  }

  /** What the code itself does wrong must not be reported as a mistake of the user. */
  @Test
  void illegalArgumentsOfTheCodeItself_areReportedAsABug() {
    Run run = Run.of(new Broken());

    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).startsWith("this is a mistake in Omote: ").contains("\tat ");
  }

  @Command(name = "broken")
  private static final class Broken implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalArgumentException("expected two points, found one");
    }
  }
}
