// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The line of a terminal that shows a progress bar. */
class ProgressTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream terminal = new PrintStream(written, true, StandardCharsets.UTF_8);

  /** Returns what a terminal shows: a carriage return leads to the begin of the line. */
  private String screen() {
    StringBuilder screen = new StringBuilder();
    StringBuilder line = new StringBuilder();
    int column = 0;
    for (char letter : written.toString(StandardCharsets.UTF_8).toCharArray()) {
      if (letter == '\n') {
        screen.append(line.toString().stripTrailing()).append('\n');
        line.setLength(0);
        column = 0;
      } else if (letter == '\r') {
        column = 0;
      } else if (column < line.length()) {
        line.setCharAt(column++, letter);
      } else {
        line.append(letter);
        column++;
      }
    }
    return screen.append(line.toString().stripTrailing()).toString();
  }

  @Test
  void lines_areAboveTheBar() {
    try (Progress.Line line = new Progress.Line(terminal, true)) {
      line.accept("bar 50 %, and so on");
      line.printAbove(() -> terminal.print("a line\n"));
      assertThat(screen()).isEqualTo("a line\nbar 50 %, and so on");
      line.printAbove(() -> terminal.print("another line that is longer than the bar\n"));
      line.accept("bar 99 %");
      line.printAbove(() -> terminal.print("last\n"));
    }
    terminal.print("summary\n");
    assertThat(screen())
        .isEqualTo("a line\nanother line that is longer than the bar\nlast\nbar 99 %\nsummary\n");
  }

  @Test
  void withoutATerminal_onlyLinesAreWritten() {
    try (Progress.Line line = new Progress.Line(terminal, false)) {
      line.accept("bar");
      line.printAbove(() -> terminal.print("a line\n"));
    }
    assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("a line\n");
  }

  @Test
  void bar_fitsIntoALine() {
    try (Progress.Line line = new Progress.Line(terminal, true)) {
      assertThat(line.getMaxRenderedLength()).isLessThan(80);
    }
  }
}
