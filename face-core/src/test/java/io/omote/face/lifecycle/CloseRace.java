// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import io.omote.face.ClosedException;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.GeneratedModels;
import io.omote.face.SyntheticModels;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes a detector, an embedder or a matcher while threads use it, again and again; each call runs
 * its network several times. Arguments: a folder, what is used ({@code detect}, {@code embed} or
 * {@code compare}), the number of rounds. Fails where a call that had begun does not end well.
 *
 * <p>Two calls work at a time. As soon as all other threads wait for their turn, each thread is in
 * a call for certain; it is closed then, or at any moment in every other round.
 */
final class CloseRace {
  private static final int THREADS = 12;
  private static final int PERMITS = 2;

  private final ExecutorService pool = Executors.newFixedThreadPool(THREADS + 1);
  private final Random random = new Random(1);
  private long calls;

  private CloseRace() {}

  /** What is closed, and a call of it. */
  private record Subject(AutoCloseable owner, Runnable call) {}

  @FunctionalInterface
  private interface Opener {
    Subject open();
  }

  public static void main(String[] arguments) throws Exception {
    Opener opener = opener(Path.of(arguments[0]), arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    CloseRace race = new CloseRace();
    try {
      for (int round = 0; round < rounds; round++) {
        race.round(opener.open(), round % 2 == 0);
      }
    } finally {
      race.pool.shutdownNow();
    }
    System.out.println(rounds + " rounds, " + race.calls + " calls");
  }

  private static Opener opener(Path folder, String what) throws Exception {
    EmbedderModel embedderModel =
        EmbedderModel.of(ModelFile.of(SyntheticModels.meanOfPlanes(folder, 1, false)));
    DetectorModel detectorModel = GeneratedModels.detector(folder);
    byte[] pixels = new byte[3 * 160 * 160];
    new Random(1).nextBytes(pixels);
    FaceImage image = FaceImage.ofBgr(pixels, 160, 160);
    List<Face> faces;
    try (FaceDetector detector = FaceDetector.builder(detectorModel).build()) {
      faces = detector.detect(image).subList(0, 4);
    }
    return switch (what) {
      case "detect" ->
          () -> {
            FaceDetector detector =
                FaceDetector.builder(detectorModel)
                    .inputSizes(32, 64, 128)
                    .threads(1)
                    .maxConcurrentCalls(PERMITS)
                    .build();
            return new Subject(detector, () -> detector.detect(image));
          };
      case "embed" ->
          () -> {
            FaceEmbedder embedder =
                FaceEmbedder.builder(embedderModel).threads(1).maxConcurrentCalls(PERMITS).build();
            return new Subject(embedder, () -> embedder.embed(image, faces));
          };
      case "compare" ->
          () -> {
            FaceMatcher matcher =
                FaceMatcher.builder(FaceModels.of(detectorModel, embedderModel))
                    .detection(d -> d.inputSizes(32, 64))
                    .threads(1)
                    .maxConcurrentCalls(PERMITS)
                    .build();
            return new Subject(matcher, () -> matcher.compare(image, image));
          };
      default -> throw new IllegalArgumentException(what);
    };
  }

  private void round(Subject subject, boolean onceAllAreIn) throws Exception {
    Set<Thread> callers = ConcurrentHashMap.newKeySet();
    Set<Thread> done = ConcurrentHashMap.newKeySet();
    List<Future<?>> futures = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      futures.add(
          pool.submit(
              () -> {
                callers.add(Thread.currentThread());
                callUntilClosed(subject, done);
              }));
    }
    if (onceAllAreIn) {
      Set<Thread> in = new HashSet<>();
      while (in.size() < THREADS) {
        callers.stream().filter(CloseRace::waitsForItsTurn).forEach(in::add);
        in.addAll(done);
        Thread.yield();
      }
    } else {
      LockSupport.parkNanos(random.nextInt(3_000_000));
    }
    Future<?> secondClose = pool.submit(() -> close(subject));
    close(subject);
    secondClose.get();
    for (Future<?> future : futures) {
      future.get();
    }
    if (onceAllAreIn && done.size() != THREADS) {
      throw new IllegalStateException(
          (THREADS - done.size()) + " calls failed that had begun before it was closed");
    }
  }

  private static boolean waitsForItsTurn(Thread thread) {
    Object blocker = LockSupport.getBlocker(thread);
    return blocker != null && blocker.getClass().getName().contains("Semaphore");
  }

  private void callUntilClosed(Subject subject, Set<Thread> done) {
    for (int made = 0; ; made++) {
      try {
        subject.call().run();
      } catch (ClosedException e) {
        synchronized (this) {
          calls += made;
        }
        return;
      }
      done.add(Thread.currentThread());
    }
  }

  private static Void close(Subject subject) throws Exception {
    subject.owner().close();
    return null;
  }
}
