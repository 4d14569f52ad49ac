// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.io.Console;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar at the bottom of a terminal; without a terminal it is not shown. Lines are printed
 * above it. Close it before a summary. Thread-safe.
 */
final class Progress implements AutoCloseable {
  private static final int INTERVAL_MILLIS = 500;

  /** Fewer steps take no bar: they are done before anybody reads it. */
  private static final int MIN_STEPS = 10;

  private final Line line;
  private final ProgressBar bar;

  private Progress(String task, String unit, int count) {
    line = new Line(System.err, count >= MIN_STEPS && isShown());
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(count)
            .setUnit(" " + unit, 1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(INTERVAL_MILLIS)
            .setConsumer(line)
            .build();
  }

  static Progress ofImages(String task, int count) {
    return of(task, "images", count);
  }

  static Progress of(String task, String unit, int count) {
    return new Progress(task, unit, count);
  }

  /** Returns whether there is a terminal. Since Java 22, a console may exist without one. */
  static boolean isShown() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  void step() {
    bar.step();
  }

  /** Prints lines above the bar. */
  void printAbove(Runnable lines) {
    line.printAbove(lines);
  }

  @Override
  public void close() {
    bar.close();
  }

  /** The line of the terminal that shows the bar. */
  static final class Line implements ProgressBarConsumer {
    private final PrintStream terminal;
    private final boolean isShown;
    private final ProgressBarConsumer width;
    private String shown = "";

    Line(PrintStream terminal, boolean isShown) {
      this.terminal = terminal;
      this.isShown = isShown;
      width = new ConsoleProgressBarConsumer(terminal);
    }

    /** Returns one column less than the terminal has: a longer bar would take two lines. */
    @Override
    public int getMaxRenderedLength() {
      return width.getMaxRenderedLength();
    }

    @Override
    public synchronized void accept(String bar) {
      if (isShown) {
        String rest = " ".repeat(Math.max(0, shown.length() - bar.length()));
        terminal.print('\r' + bar + rest);
        shown = bar;
        terminal.flush();
      }
    }

    synchronized void printAbove(Runnable lines) {
      if (!shown.isEmpty()) {
        terminal.print('\r' + " ".repeat(shown.length()) + '\r');
        terminal.flush();
      }
      lines.run();
      if (!shown.isEmpty()) {
        terminal.print(shown);
        terminal.flush();
      }
    }

    @Override
    public synchronized void close() {
      if (!shown.isEmpty()) {
        terminal.println();
        shown = "";
      }
    }
  }
}
