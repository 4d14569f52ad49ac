// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a command has come. */
final class Progress {
  private Progress() {}

  static ProgressBar ofPictures(String task, int count) {
    return of(task, "pictures", count);
  }

  static ProgressBar of(String task, String unit, int count) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(count)
        .setUnit(" " + unit, 1)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(1000)
        .setConsumer(new ConsoleProgressBarConsumer(System.err))
        .build();
  }
}
