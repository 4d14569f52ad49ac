// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.models.FetchProgress.Phase;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports the progress of a fetch to a listener, at a limited rate. Used by one thread. */
final class ProgressReporter {
  private static final Logger log = LoggerFactory.getLogger(ProgressReporter.class);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

  private final String pack;
  private final Consumer<FetchProgress> listener;
  private @Nullable String file;
  private @Nullable Phase phase;
  private long last;
  private boolean failed;

  ProgressReporter(String pack, Consumer<FetchProgress> listener) {
    this.pack = pack;
    this.listener = listener;
  }

  void report(String newFile, Phase newPhase, long bytes, long total) {
    long now = System.nanoTime();
    if (failed || newFile.equals(file) && newPhase == phase && now - last < PAUSE) {
      return;
    }
    file = newFile;
    phase = newPhase;
    last = now;
    try {
      listener.accept(new FetchProgress(pack, newFile, newPhase, bytes, total));
    } catch (RuntimeException e) {
      failed = true;
      log.warn("the progress listener of {} threw an exception and is not called again", pack, e);
    }
  }
}
