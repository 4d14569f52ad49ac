// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.AlignmentException;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.ImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The embeddings of a protocol's images. Immutable and thread-safe.
 *
 * @param outcomes what became of each image, by its index
 * @param duration the time it took
 */
public record EmbeddedImages(List<Outcome> outcomes, Duration duration) {

  /**
   * What became of an image.
   *
   * @param embedding the embedding, empty after a failure to acquire
   * @param unreadable why it could not be read, null where it could
   * @param isStored whether it was known from an earlier run
   */
  public record Outcome(
      Optional<FaceEmbedding> embedding, @Nullable String unreadable, boolean isStored) {}

  /**
   * Embeds each image once, several at a time. Those that memory has no room for beside others are
   * embedded at the end, one after the other: what is a failure must not depend on the threads.
   *
   * @param protocol the images
   * @param embed makes the embedding of a file, empty where there is no face
   * @param store what is known from earlier runs and takes what is new; null for nothing
   * @param threads how many images at a time
   * @param progress is called after each image
   * @return the embeddings
   */
  public static EmbeddedImages embed(
      Protocol protocol,
      Function<Path, Optional<FaceEmbedding>> embed,
      @Nullable EmbeddingStore store,
      int threads,
      Runnable progress) {
    long start = System.nanoTime();
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<@Nullable Outcome>> futures = new ArrayList<>();
      for (int i = 0; i < protocol.images().size(); i++) {
        Path image = protocol.path(i);
        futures.add(
            workers.submit(
                () -> {
                  Outcome outcome = outcome(image, embed, store, false);
                  if (outcome != null) {
                    progress.run();
                  }
                  return outcome;
                }));
      }
      List<@Nullable Outcome> beside = new ArrayList<>();
      for (Future<@Nullable Outcome> future : futures) {
        beside.add(get(future));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < beside.size(); i++) {
        Outcome outcome = beside.get(i);
        if (outcome == null) {
          Path image = protocol.path(i);
          outcome = get(workers.submit(() -> outcome(image, embed, store, true)));
          progress.run();
        }
        outcomes.add(Objects.requireNonNull(outcome));
      }
      return new EmbeddedImages(List.copyOf(outcomes), Duration.ofNanos(System.nanoTime() - start));
    } finally {
      end(workers);
    }
  }

  /** Waits for those at work: they use the store, which the caller closes next. */
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

  private static @Nullable Outcome get(Future<@Nullable Outcome> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FaceException("interrupted while images were embedded: start again", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FaceException known) {
        throw known;
      }
      if (e.getCause() instanceof IOException io) {
        throw new UncheckedIOException(io);
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Embeds an image.
   *
   * @param alone whether no other is embedded meanwhile
   * @return what became of it; null where memory had no room for it beside others
   */
  private static @Nullable Outcome outcome(
      Path image,
      Function<Path, Optional<FaceEmbedding>> embed,
      @Nullable EmbeddingStore store,
      boolean alone)
      throws IOException {
    if (store == null) {
      return newOutcome(image, embed, alone);
    }
    String key;
    try {
      key = EmbeddingStore.key(image);
    } catch (IOException e) {
      return newOutcome(image, embed, alone); // says in the library's words why it cannot be read
    }
    Optional<FaceEmbedding> known = store.find(key);
    if (known != null) {
      return new Outcome(known, null, true);
    }
    Outcome outcome = newOutcome(image, embed, alone);
    if (outcome != null && outcome.unreadable() == null) {
      store.add(key, outcome.embedding());
    }
    return outcome;
  }

  private static @Nullable Outcome newOutcome(
      Path image, Function<Path, Optional<FaceEmbedding>> embed, boolean alone) {
    try {
      return new Outcome(embed.apply(image), null, false);
    } catch (AlignmentException e) {
      // A face whose landmarks fix no crop is as good as none.
      return new Outcome(Optional.empty(), null, false);
    } catch (ImageException e) {
      if (e.isForLackOfMemory() && !alone) {
        return null;
      }
      return new Outcome(Optional.empty(), e.getMessage(), false);
    }
  }

  /**
   * Why images could not be read.
   *
   * @return a text for each
   */
  public List<String> unreadable() {
    return outcomes.stream().map(Outcome::unreadable).filter(text -> text != null).toList();
  }

  long withoutFace() {
    return outcomes.stream().filter(o -> o.embedding().isEmpty() && o.unreadable() == null).count();
  }

  long stored() {
    return outcomes.stream().filter(Outcome::isStored).count();
  }
}
