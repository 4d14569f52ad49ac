// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.models.FetchProgress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Draws a progress bar for each file that is fetched. Not thread-safe. */
final class FetchBar implements Consumer<FetchProgress>, AutoCloseable {
  private final PrintStream stream;
  private String task = "";
  private @Nullable ProgressBar bar;

  FetchBar(PrintStream stream) {
    this.stream = stream;
  }

  @Override
  public void accept(FetchProgress progress) {
    boolean done = progress.phase() == FetchProgress.Phase.DONE;
    String next =
        done
            ? task
            : String.format(
                Locale.ROOT,
                "%s %s",
                progress.phase().name().toLowerCase(Locale.ROOT),
                progress.file());
    if (bar == null || !next.equals(task)) {
      close();
      task = next;
      bar = open(next, progress.total());
    }
    bar.stepTo(progress.bytes());
    if (done) {
      close();
    }
  }

  private ProgressBar open(String name, long total) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(total)
        .setUnit(" MB", 1_000_000)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(500)
        .setConsumer(new ConsoleProgressBarConsumer(stream))
        .build();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
