// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.io.Console;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress bars of commands; they are shown only on a terminal. */
final class Progress {
  private Progress() {}

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

  static ProgressBar ofImages(String task, int count) {
    return of(task, "images", count);
  }

  static ProgressBar of(String task, String unit, int count) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(count)
        .setUnit(" " + unit, 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(1000)
        .setConsumer(
            isShown()
                ? new ConsoleProgressBarConsumer(System.err)
                : new DelegatingProgressBarConsumer(bar -> {}))
        .build();
  }
}
