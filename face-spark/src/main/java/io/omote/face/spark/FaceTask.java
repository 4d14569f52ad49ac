// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the images of one task, made one image at a time. An image that the storage does not
 * deliver is put aside, and read again after all others, twice, with a pause before each round.
 * Nothing but its row stays in memory. If a storage does not answer at all, the task fails, so that
 * Spark repeats it on another machine; the last attempt gives up the rest of the images of that
 * storage instead. Used by one thread.
 */
final class FaceTask implements Iterator<Row> {
  /** After so many reads without an answer, the task finds out whether the storage is down. */
  static final int MOST_FAILURES = 20;

  /** The pauses before images are read again. */
  private static final long[] PAUSES_MILLIS = Attempts.PAUSES_MILLIS;

  private static final int STATUS = FaceColumns.SCHEMA.fieldIndex(FaceColumns.STATUS);

  private static final String NOT_TRIED =
      "expected a storage that answers, found that it does not, and did not try this image: check the storage, then try again";

  private final Iterator<Row> images;
  private final ImageColumns columns;
  private final FaceRows faces;
  private final ImageStorage storage;
  private final ImageOptions options;
  private final FaceMetrics metrics;
  private final boolean mayFail;

  private final Deque<Row> ready = new ArrayDeque<>();
  private Deque<PutAside> aside = new ArrayDeque<>();
  private Deque<PutAside> asideAgain = new ArrayDeque<>();
  private int round;

  /** The state of each storage, by its scheme and authority. */
  private final Map<String, Health> healths = new HashMap<>();

  /** The state of a storage, as far as the task knows it. */
  private static final class Health {
    private int failures;
    private @Nullable String firstFailed;
    private @Nullable String lastRead;
    private boolean isGivenUp;

    private void answered() {
      failures = 0;
      firstFailed = null;
    }
  }

  /** An image to read again, without its bytes. */
  private record PutAside(Row row, String problem) {}

  /**
   * Creates the rows of a task.
   *
   * @param images the rows of images
   * @param mayFail whether Spark repeats the task if it fails
   */
  FaceTask(
      Iterator<Row> images,
      ImageColumns columns,
      FaceRows faces,
      ImageStorage storage,
      ImageOptions options,
      FaceMetrics metrics,
      boolean mayFail) {
    this.images = images;
    this.columns = columns;
    this.faces = faces;
    this.storage = storage;
    this.options = options;
    this.metrics = metrics;
    this.mayFail = mayFail;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty()) {
      CurrentTask.stopIfKilled();
      if (images.hasNext()) {
        first(images.next());
      } else if (!aside.isEmpty()) {
        PutAside image = aside.remove();
        read(image.row(), image.problem());
      } else if (!asideAgain.isEmpty()) {
        startRound();
      } else {
        return false;
      }
    }
    return true;
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  private void startRound() {
    if (!healths.values().stream().allMatch(health -> health.isGivenUp)) {
      CurrentTask.pause(PAUSES_MILLIS[round]);
    }
    round++;
    Deque<PutAside> empty = aside;
    aside = asideAgain;
    asideAgain = empty;
  }

  private void first(Row row) {
    String problem = ImageColumns.at(row, columns.problem());
    byte[] content = ImageColumns.at(row, columns.content());
    if (problem != null) {
      addUnreadable(row, problem);
    } else if (content != null) {
      decode(row, content);
    } else {
      read(row, NOT_TRIED);
    }
  }

  private void read(Row row, String problemIfGivenUp) {
    String path = columns.path(row);
    try {
      Health health = healths.computeIfAbsent(storage.root(path), root -> new Health());
      if (health.isGivenUp) {
        addUnreadable(row, problemIfGivenUp);
        return;
      }
      if (round > 0) {
        metrics.addRepeatedRead();
      }
      read(row, path, health);
    } catch (InvalidPathException e) {
      add(faces.without(row, FaceColumns.INVALID_PATH, e.getMessage()));
    }
  }

  private void read(Row row, String path, Health health) {
    try {
      FaceImage image = storage.read(path, ImageColumns.at(row, columns.length()));
      health.answered();
      health.lastRead = path;
      add(faces.of(row, image));
    } catch (StorageException e) {
      // Also an interrupt looks like a failure of the storage.
      CurrentTask.stopIfKilled();
      later(row, e.getMessage(), e.isWorthRepeating());
      if (e.isAnswer()) {
        health.answered();
      } else {
        failed(path, health, e);
      }
    } catch (ImageException e) {
      health.answered();
      if (e.isForLackOfMemory()) {
        later(row, e.getMessage(), true);
      } else {
        add(faces.without(row, e.reason().name(), e.getMessage()));
      }
    }
  }

  /** Puts an image aside for the next round, if there is one. */
  private void later(Row row, String problem, boolean isWorthRepeating) {
    if (isWorthRepeating && round < PAUSES_MILLIS.length) {
      asideAgain.add(new PutAside(row, problem));
    } else {
      addUnreadable(row, problem);
    }
  }

  /** Decodes an image that the row contains, which is not put aside, because that takes memory. */
  private void decode(Row row, byte[] content) {
    for (int attempt = 0; ; attempt++) {
      try {
        add(faces.of(row, FaceImage.read(content, options)));
        return;
      } catch (ImageException e) {
        if (!e.isForLackOfMemory()) {
          add(faces.without(row, e.reason().name(), e.getMessage()));
          return;
        }
        if (attempt == PAUSES_MILLIS.length) {
          addUnreadable(row, e.getMessage());
          return;
        }
      }
      CurrentTask.pause(PAUSES_MILLIS[attempt]);
    }
  }

  private void add(List<Row> rows) {
    ready.addAll(rows);
    metrics.addImage((int) rows.stream().filter(FaceTask::isFace).count());
  }

  private static boolean isFace(Row row) {
    String status = row.getString(STATUS);
    return status.equals(FaceColumns.OK) || status.equals(FaceColumns.NOT_ALIGNED);
  }

  private void add(Row row) {
    add(List.of(row));
  }

  private void addUnreadable(Row row, String problem) {
    ready.add(faces.without(row, FaceColumns.UNREADABLE, problem));
    metrics.addUnreadable(String.valueOf(columns.path(row)), problem);
  }

  private void failed(String path, Health health, StorageException failure) {
    health.failures++;
    if (health.firstFailed == null) {
      health.firstFailed = path;
    }
    if (health.failures < MOST_FAILURES) {
      return;
    }
    // Many files in succession that cannot be read do not mean that the storage is down.
    String known = health.lastRead == null ? health.firstFailed : health.lastRead;
    if (answers(known) || answersAfterPause(known)) {
      health.answered();
    } else if (mayFail) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected a storage that answers, found %d reads in succession that failed, the last one of %s: %s",
              health.failures,
              path,
              failure.getMessage()),
          failure);
    } else {
      health.isGivenUp = true;
    }
  }

  private boolean answersAfterPause(String path) {
    CurrentTask.pause(PAUSES_MILLIS[0]);
    return answers(path);
  }

  private boolean answers(String path) {
    try {
      storage.probe(path);
      return true;
    } catch (InvalidPathException e) {
      return true;
    } catch (StorageException e) {
      CurrentTask.stopIfKilled();
      return e.isAnswer();
    }
  }
}
