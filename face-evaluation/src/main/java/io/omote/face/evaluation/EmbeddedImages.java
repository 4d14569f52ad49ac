// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.AlignmentException;
import io.omote.face.FaceEmbedding;
import io.omote.face.ImageException;
import io.omote.face.InterruptedCallException;
import io.omote.face.evaluation.Protocol.Pair;
import io.omote.face.internal.files.NewFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * The embeddings of the images of a protocol, made by {@link Evaluator#embed}. Immutable and
 * thread-safe.
 */
public final class EmbeddedImages {
  private static final CSVFormat CSV =
      CSVFormat.RFC4180
          .builder()
          .setHeader("image1", "image2", "same", "fold", "similarity")
          .setRecordSeparator('\n')
          .get();

  private final Protocol protocol;
  private final List<Outcome> outcomes;
  private final Duration duration;

  /**
   * The outcome for an image.
   *
   * @param embedding the embedding, empty after a failure to acquire
   * @param unreadable why the image could not be read, null if it was read
   * @param isStored whether the embedding was stored by an earlier run
   */
  private record Outcome(
      Optional<FaceEmbedding> embedding, @Nullable String unreadable, boolean isStored) {}

  private EmbeddedImages(Protocol protocol, List<Outcome> outcomes, Duration duration) {
    this.protocol = protocol;
    this.outcomes = List.copyOf(outcomes);
    this.duration = duration;
  }

  /**
   * Embeds each image once, several concurrently. An image that does not fit into memory alongside
   * others is embedded alone at the end: failures must not depend on the number of threads.
   *
   * @param embed returns the embedding of a file, empty if it shows no face
   * @param store holds the embeddings of earlier runs and receives new ones; null for none
   */
  static EmbeddedImages of(
      Protocol protocol,
      Function<Path, Optional<FaceEmbedding>> embed,
      @Nullable EmbeddingStore store,
      int threads,
      Runnable progress)
      throws IOException {
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
      List<@Nullable Outcome> concurrent = new ArrayList<>();
      for (Future<@Nullable Outcome> future : futures) {
        concurrent.add(get(future));
      }
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < concurrent.size(); i++) {
        Outcome outcome = concurrent.get(i);
        if (outcome == null) {
          Path image = protocol.path(i);
          outcome = get(workers.submit(() -> outcome(image, embed, store, true)));
          progress.run();
        }
        outcomes.add(Objects.requireNonNull(outcome));
      }
      return new EmbeddedImages(protocol, outcomes, since(start));
    } finally {
      end(workers);
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Waits for running workers: they use the store, which the caller closes next. */
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

  private static @Nullable Outcome get(Future<@Nullable Outcome> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedCallException("interrupted while embedding images: start again", e);
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

  /**
   * Embeds an image.
   *
   * @param alone whether no other image is embedded concurrently
   * @return the outcome; null if the image did not fit into memory alongside others
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
      return newOutcome(image, embed, alone); // fails, too, with the library's message
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
      // A face that cannot be aligned is treated like no face.
      return new Outcome(Optional.empty(), null, false);
    } catch (ImageException e) {
      if (e.isForLackOfMemory() && !alone) {
        return null;
      }
      return new Outcome(Optional.empty(), e.getMessage(), false);
    }
  }

  /**
   * Returns the protocol.
   *
   * @return the protocol
   */
  public Protocol protocol() {
    return protocol;
  }

  /**
   * Returns the embedding of an image.
   *
   * @param image the index of the image in the protocol
   * @return the embedding; empty if the image shows no face or could not be read
   */
  public Optional<FaceEmbedding> embedding(int image) {
    return outcomes.get(image).embedding();
  }

  /**
   * Returns why images could not be read.
   *
   * @return a message for each of these images, immutable
   */
  public List<String> unreadable() {
    return outcomes.stream().map(Outcome::unreadable).filter(text -> text != null).toList();
  }

  /**
   * Returns the time that embedding took.
   *
   * @return the elapsed time
   */
  public Duration duration() {
    return duration;
  }

  long withoutFace() {
    return outcomes.stream().filter(o -> o.embedding().isEmpty() && o.unreadable() == null).count();
  }

  long stored() {
    return outcomes.stream().filter(Outcome::isStored).count();
  }

  /**
   * Returns the similarity of a pair of images.
   *
   * @param pair a pair of the protocol
   * @return the cosine, in [-1, 1]; empty if one of the images has no embedding
   */
  public OptionalDouble similarity(Pair pair) {
    Optional<FaceEmbedding> first = embedding(pair.first());
    Optional<FaceEmbedding> second = embedding(pair.second());
    return first.isPresent() && second.isPresent()
        ? OptionalDouble.of(first.get().similarity(second.get()))
        : OptionalDouble.empty();
  }

  /**
   * Compares all pairs of the protocol on the calling thread.
   *
   * @return the scores of each fold, immutable
   */
  public List<VerificationScores> compare() {
    return compare(new WorstPairs.Collector());
  }

  /** Compares all pairs and adds those that were completed to the worst. */
  List<VerificationScores> compare(WorstPairs.Collector worst) {
    List<VerificationScores.Builder> folds =
        Stream.generate(VerificationScores::builder).limit(protocol.folds()).toList();
    for (Pair pair : protocol.pairs()) {
      VerificationScores.Builder fold = folds.get(pair.fold());
      similarity(pair)
          .ifPresentOrElse(
              similarity -> {
                fold.add(pair.mated(), similarity);
                worst.add(pair.mated(), pair.first(), pair.second(), similarity);
              },
              () -> fold.addFailure(pair.mated()));
    }
    return folds.stream().map(VerificationScores.Builder::build).toList();
  }

  /** Writes a line for each pair, without a similarity if the comparison fails. */
  void writeScores(Path csv) throws IOException {
    NewFile.writeText(
        csv,
        text -> {
          CSVPrinter printer = new CSVPrinter(text, CSV);
          for (Pair pair : protocol.pairs()) {
            OptionalDouble similarity = similarity(pair);
            printer.printRecord(
                protocol.images().get(pair.first()),
                protocol.images().get(pair.second()),
                pair.mated() ? 1 : 0,
                pair.fold() + 1,
                similarity.isPresent() ? (Double) similarity.getAsDouble() : null);
          }
        });
  }

  /**
   * Returns the number of images, without embeddings.
   *
   * @return the text
   */
  @Override
  public String toString() {
    return "EmbeddedImages[images=" + outcomes.size() + "]";
  }
}
