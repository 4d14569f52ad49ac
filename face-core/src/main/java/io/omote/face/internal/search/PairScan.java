// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import io.omote.face.EmbeddingException;
import io.omote.face.FaceEmbedding;
import io.omote.face.InterruptedCallException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares many faces with many: blocks with blocks, so that both are in the processor's cache.
 * What is visited, and with which similarity, is what a scan in double precision finds.
 *
 * <p>Stateless and thread-safe.
 *
 * @hidden
 */
public final class PairScan {
  private static final int PROBES_AT_A_TIME = 64;

  private PairScan() {}

  /** Takes pairs. Used by one thread. */
  public interface Visitor {
    /**
     * From which similarity on pairs of a probe count; it may rise.
     *
     * @param probe the index of the probe
     * @return the similarity
     */
    double floor(int probe);

    /**
     * A pair that reaches it. For each probe the others come in ascending order.
     *
     * @param probe the index of the probe
     * @param other the index of the other face
     * @param similarity their similarity
     */
    void visit(int probe, int other, double similarity);
  }

  /**
   * Some of the probes, which one thread compares.
   *
   * @param probes all probes
   * @param from the index of the first one
   * @param to the index behind the last one
   */
  public record Part(VectorTable probes, int from, int to) {
    /**
     * Visits their pairs.
     *
     * @param others the other faces, which may be the probes
     * @param laterOnly whether only others with a higher index than the probe's count, as where
     *     each pair of one table is wanted once
     * @param visitor takes the pairs
     * @throws EmbeddingException if they are of another model
     * @throws InterruptedCallException if the thread is interrupted
     */
    public void scan(VectorTable others, boolean laterOnly, Visitor visitor) {
      probes.checkSameModel(others);
      for (int first = from; first < to; first += PROBES_AT_A_TIME) {
        scan(first, Math.min(to, first + PROBES_AT_A_TIME), others, laterOnly, visitor);
      }
    }

    private void scan(int first, int last, VectorTable others, boolean laterOnly, Visitor visitor) {
      float[][] vectors = new float[last - first][];
      for (int probe = first; probe < last; probe++) {
        vectors[probe - first] = probes.face(probe).toArray();
      }
      float[][] products = new float[last - first][others.places()];
      for (int block = 0; block < others.blocks(); block++) {
        if (Thread.currentThread().isInterrupted()) {
          throw interrupted(null);
        }
        if (laterOnly && others.start(block + 1) <= first) {
          continue;
        }
        others.multiply(block, vectors, products);
        for (int at = first; at < last; at++) {
          int probe = at;
          FaceEmbedding face = probes.face(probe);
          others.visit(
              block,
              face,
              products[probe - first],
              laterOnly ? probe + 1 : 0,
              () -> visitor.floor(probe),
              (other, similarity) -> visitor.visit(probe, other, similarity));
        }
      }
    }
  }

  private static InterruptedCallException interrupted(@Nullable Throwable cause) {
    return new InterruptedCallException(
        "expected to compare all faces, found that the thread was interrupted: start again", cause);
  }

  /**
   * Does something with all probes, in parts, on as many threads as the JVM has processors; they
   * end with the call.
   *
   * @param probes the probes
   * @param work what to do with a part
   * @param <T> what comes of it
   * @return what came of the parts, in their order
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static <T> List<T> inParallel(VectorTable probes, Function<Part, T> work) {
    List<Callable<T>> calls = new ArrayList<>();
    for (int first = 0; first < probes.size(); first += PROBES_AT_A_TIME) {
      Part part = new Part(probes, first, Math.min(probes.size(), first + PROBES_AT_A_TIME));
      calls.add(() -> work.apply(part));
    }
    List<Thread> started = new CopyOnWriteArrayList<>();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            run -> {
              Thread thread = new Thread(run, "omote-pairs");
              thread.setDaemon(true);
              started.add(thread);
              return thread;
            });
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    } finally {
      threads.shutdownNow();
      awaitEnd(started);
    }
  }

  /** Those that still work see that they were interrupted. */
  private static void awaitEnd(List<Thread> threads) {
    boolean interrupted = Thread.interrupted();
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
