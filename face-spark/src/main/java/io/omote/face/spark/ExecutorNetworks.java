// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceException;
import io.omote.face.FaceModels;
import io.omote.face.models.ModelZoo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.TaskContext;

/**
 * The networks of a JVM, which all its tasks share. The first task that needs them opens them, and
 * they stay open until the JVM ends. If opening fails, the next task tries again.
 *
 * <p>Thread-safe.
 *
 * @param detector finds faces
 * @param embedder embeds them
 */
record ExecutorNetworks(FaceDetector detector, FaceEmbedder embedder) {
  private static final Map<String, ExecutorNetworks> OPEN = new HashMap<>();

  /** Returns the networks of a pack or a folder. */
  static ExecutorNetworks of(String models) {
    synchronized (OPEN) {
      ExecutorNetworks open = OPEN.get(models);
      if (open == null) {
        open = open(models(models));
        OPEN.put(models, open);
      }
      return open;
    }
  }

  /** Opens networks that use as many threads as each task has processors. */
  private static ExecutorNetworks open(FaceModels models) {
    TaskContext task = TaskContext.get();
    int threads = task == null ? 1 : task.cpus();
    FaceDetector detector = FaceDetector.builder(models.detector()).threads(threads).build();
    try {
      return new ExecutorNetworks(
          detector, FaceEmbedder.builder(models.embedder()).threads(threads).build());
    } catch (RuntimeException | Error e) {
      detector.close();
      throw e;
    }
  }

  /** Returns a pack or a folder. A pack takes precedence; {@code ./NAME} is always a folder. */
  private static FaceModels models(String name) {
    if (ModelZoo.list().stream().anyMatch(pack -> pack.name().equals(name))) {
      return ModelZoo.get(name).models();
    }
    if (Files.isDirectory(Path.of(name))) {
      return FaceModels.ofDirectory(Path.of(name));
    }
    throw new FaceException(
        String.format(
            Locale.ROOT,
            "expected the name of a pack or a folder that exists on every machine, found '%s' on this one: copy the folder to it, or fetch the pack there",
            name));
  }
}
