// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.AlignmentException;
import io.omote.face.FaceException;
import io.omote.face.ImageException;
import io.omote.face.InterruptedCallException;
import io.omote.face.internal.files.ImageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Work on many images, on one thread per processor. Results arrive on the calling thread in the
 * order of the images. Only a few images are ahead of the one whose result is awaited, so that
 * memory does not grow with their number. An image that does not fit into memory alongside others
 * is repeated alone: failures must not depend on the number of processors. Stateless and
 * thread-safe.
 */
final class Batch {
  /** The number of images per thread that may be ahead. */
  private static final int AHEAD = 4;

  private Batch() {}

  /**
   * Work on one image, called from several threads.
   *
   * @param <T> the type of the result, which should hold no image
   */
  interface Work<T> {
    /**
     * Does the work.
     *
     * @param at the index of the image
     */
    T on(int at, Path image) throws IOException;
  }

  /**
   * A receiver of the results, on the thread that runs the batch.
   *
   * @param <T> the type of a result
   */
  interface Receiver<T> {
    /** Receives a result. */
    void accept(Path image, T result) throws IOException;

    /** Receives the problem of an image that could not be used. */
    void refuse(Path image, FaceException problem) throws IOException;
  }

  /**
   * The outcome for an image: a result or a problem.
   *
   * @param <T> the type of the result
   */
  private record Outcome<T>(@Nullable T result, @Nullable FaceException problem) {
    boolean lacksMemory() {
      return problem instanceof ImageException image && image.isForLackOfMemory();
    }
  }

  /** Returns the largest number of images that are ahead of the one that is received. */
  static int maxAhead() {
    return AHEAD * threads();
  }

  private static int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * Returns the number of threads for each image at which all processors work.
   *
   * @param images the number of images
   */
  static int threadsPerImage(int images) {
    return Math.max(1, threads() / images);
  }

  /**
   * Does the work on all images. A problem other than one of an image ends the batch.
   *
   * @param isStopped whether to end early, asked before each result
   * @throws InterruptedCallException if the thread is interrupted
   */
  static <T> void run(
      List<Path> images, BooleanSupplier isStopped, Work<T> work, Receiver<T> receiver)
      throws IOException {
    int threads = threads();
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    Deque<Future<Outcome<T>>> ahead = new ArrayDeque<>();
    int started = 0;
    try {
      for (int at = 0; at < images.size(); at++) {
        if (isStopped.getAsBoolean()) {
          return;
        }
        while (started < images.size() && ahead.size() < maxAhead()) {
          int next = started++;
          ahead.add(workers.submit(() -> outcome(next, images.get(next), work)));
        }
        Outcome<T> outcome = get(ahead.remove());
        if (outcome.lacksMemory()) {
          for (Future<Outcome<T>> other : ahead) {
            get(other);
          }
          int alone = at;
          outcome = get(workers.submit(() -> outcome(alone, images.get(alone), work)));
        }
        Path image = images.get(at);
        if (outcome.problem() == null) {
          receiver.accept(image, Objects.requireNonNull(outcome.result()));
        } else {
          receiver.refuse(image, outcome.problem());
        }
      }
    } finally {
      end(workers);
    }
  }

  private static <T> Outcome<T> outcome(int at, Path image, Work<T> work) throws IOException {
    try {
      return new Outcome<>(ImageFiles.within(image, () -> work.on(at, image)), null);
    } catch (ImageException | AlignmentException | RefusedImageException e) {
      return new Outcome<>(null, e);
    }
  }

  private static <T> T get(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedCallException("interrupted between images: run the command again", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      if (e.getCause() instanceof Error known) {
        throw known;
      }
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Waits for work in progress: it uses networks and galleries, which the caller closes next. */
  private static void end(ExecutorService workers) {
    workers.shutdownNow();
    boolean interrupted = false;
    while (!workers.isTerminated()) {
      try {
        workers.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
