// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceModels;
import io.omote.face.Orientation;
import io.omote.face.description.AnalyzerModel;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * The networks of a JVM, which all its tasks with the same settings share. The first task that
 * needs them opens them, and they stay open: the next batch needs them again. Only beyond {@value
 * #MOST} sets, as after trying options in a notebook, the set that was used least recently is
 * closed once no task uses it. If opening fails, the next task tries again.
 *
 * <p>Thread-safe.
 */
final class ExecutorNetworks {
  /** More than a job has; a set can take a gigabyte. */
  static final int MOST = 4;

  /** The sets of networks, in the order of their last use. */
  private static final Map<Key, ExecutorNetworks> OPEN = new LinkedHashMap<>(16, 0.75f, true);

  private final FaceDetector detector;
  private final FaceEmbedder embedder;
  private final Map<AnalyzerColumn, FaceAnalyzer<?>> analyzers =
      new EnumMap<>(AnalyzerColumn.class);

  /** The number of tasks in progress that use this set, guarded by {@link #OPEN}. */
  private int users;

  /** The settings that networks depend on. */
  private record Key(
      String models,
      @Nullable Float scoreThreshold,
      List<Integer> inputSizes,
      Orientation orientation,
      List<AnalyzerColumn> analyzers,
      int threads) {}

  private ExecutorNetworks(FaceDetector detector, FaceEmbedder embedder) {
    this.detector = detector;
    this.embedder = embedder;
  }

  /**
   * Returns the networks for the current task, until it ends. Outside of a task, as on a driver,
   * they stay open as long as the JVM runs.
   *
   * @throws io.omote.face.FaceException if the models are not on this machine, or cannot be opened
   */
  static ExecutorNetworks of(FaceSettings settings) {
    TaskContext task = TaskContext.get();
    // As many threads as each task has processors.
    int threads = task == null ? 1 : task.cpus();
    Key key =
        new Key(
            settings.models(),
            settings.scoreThreshold(),
            settings.inputSizes(),
            settings.orientation(),
            settings.analyzers().stream().filter(each -> !each.kinds().isEmpty()).toList(),
            threads);
    synchronized (OPEN) {
      ExecutorNetworks networks = OPEN.get(key);
      if (networks == null) {
        networks = open(key);
        OPEN.put(key, networks);
      }
      networks.users++;
      closeUnused();
      if (task != null) {
        ExecutorNetworks used = networks;
        task.addTaskCompletionListener((TaskCompletionListener) ended -> used.release());
      }
      return networks;
    }
  }

  private void release() {
    synchronized (OPEN) {
      users--;
      closeUnused();
    }
  }

  private static void closeUnused() {
    Iterator<ExecutorNetworks> oldest = OPEN.values().iterator();
    while (OPEN.size() > MOST && oldest.hasNext()) {
      ExecutorNetworks networks = oldest.next();
      if (networks.users == 0) {
        oldest.remove();
        networks.close();
      }
    }
  }

  /** Returns the number of sets that are open in this JVM. */
  static int openSets() {
    synchronized (OPEN) {
      return OPEN.size();
    }
  }

  private static ExecutorNetworks open(Key key) {
    FaceModels models = ModelSource.models(key.models());
    FaceDetector.Builder builder =
        FaceDetector.builder(models.detector())
            .threads(key.threads())
            .orientation(key.orientation());
    if (key.scoreThreshold() != null) {
      builder.scoreThreshold(key.scoreThreshold());
    }
    if (!key.inputSizes().isEmpty()) {
      builder.inputSizes(key.inputSizes().stream().mapToInt(Integer::intValue).toArray());
    }
    FaceDetector detector = builder.build();
    try {
      ExecutorNetworks networks =
          new ExecutorNetworks(
              detector, FaceEmbedder.builder(models.embedder()).threads(key.threads()).build());
      try {
        for (AnalyzerColumn column : key.analyzers()) {
          AnalyzerModel<?> model = ModelSource.analyzer(column, models, key.models());
          networks.analyzers.put(
              column, FaceAnalyzer.builder(model).threads(key.threads()).build());
        }
        return networks;
      } catch (RuntimeException | Error e) {
        networks.analyzers.values().forEach(FaceAnalyzer::close);
        networks.embedder.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      detector.close();
      throw e;
    }
  }

  private void close() {
    analyzers.values().forEach(FaceAnalyzer::close);
    embedder.close();
    detector.close();
  }

  FaceDetector detector() {
    return detector;
  }

  FaceEmbedder embedder() {
    return embedder;
  }

  /** Returns an analyzer that has a network, null if it was not asked for. */
  @Nullable FaceAnalyzer<?> analyzer(AnalyzerColumn column) {
    return analyzers.get(column);
  }
}
