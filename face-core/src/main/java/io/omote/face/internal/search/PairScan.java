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
 * A comparison of many faces with many others, in blocks that fit the processor's cache. It visits
 * the same pairs, with the same similarities, as a scan in double precision.
 *
 * <p>Stateless and thread-safe.
 */
public final class PairScan {
  private static final int PROBES_OF_PART = 64;

  private PairScan() {}

  /** A receiver of pairs. Used by one thread. */
  public interface Visitor {
    /**
     * Returns the minimum similarity at which pairs of a probe are visited. It may rise.
     *
     * @param probe the index of the probe
     * @return the similarity
     */
    double floor(int probe);

    /**
     * Visits a pair. For each probe the others come in ascending order.
     *
     * @param probe the index of the probe
     * @param other the index of the other face
     * @param similarity their similarity
     */
    void visit(int probe, int other, double similarity);
  }

  /**
   * A range of the probes, which one thread compares.
   *
   * @param probes all probes
   * @param from the index of the first probe
   * @param to the index after the last probe
   */
  public record Part(VectorTable probes, int from, int to) {
    /**
     * Visits the pairs of the probes with others.
     *
     * @param others the other faces, which may be the probes
     * @param laterOnly whether to visit only others with a higher index than the probe, so that
     *     each pair of one table is visited once
     * @param visitor the receiver of the pairs
     * @throws EmbeddingException if they come from another model
     * @throws InterruptedCallException if the thread is interrupted
     */
    public void scan(VectorTable others, boolean laterOnly, Visitor visitor) {
      probes.checkSameModel(others);
      for (int first = from; first < to; first += PROBES_OF_PART) {
        scan(first, Math.min(to, first + PROBES_OF_PART), others, laterOnly, visitor);
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
        "the thread was interrupted while it compared faces: start again", cause);
  }

  /**
   * Processes all probes in parts, with one thread for each processor of the JVM. The threads end
   * with the call.
   *
   * @param probes the probes
   * @param work processes a part
   * @param <T> the type of the result of a part
   * @return the results of the parts, in their order
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static <T> List<T> inParallel(VectorTable probes, Function<Part, T> work) {
    List<Callable<T>> calls = new ArrayList<>();
    for (int first = 0; first < probes.size(); first += PROBES_OF_PART) {
      Part part = new Part(probes, first, Math.min(probes.size(), first + PROBES_OF_PART));
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

  /** Waits for the threads, which check for interruption. */
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
