// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.internal.files.FileFailure;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * Walks folders on an executor. Of each folder it walks a part of limited size, and returns the
 * folders below that it did not get to. The part depends only on the folder, not on the task, so
 * that a repeated task returns the same. Sent to executors by Java serialization; each call has a
 * state of its own.
 */
final class FolderWalk implements FlatMapFunction<Iterator<Row>, Row> {
  private static final long serialVersionUID = 1L;

  /**
   * The cost that a folder to list may have: a second on a local disk, a minute on a slow storage.
   */
  private static final int BUDGET = 10_000;

  /** A request to a storage takes as long as it takes to receive these entries. */
  private static final int COST_OF_FOLDER = 20;

  private final SerializableConfiguration configuration;

  FolderWalk(SerializableConfiguration configuration) {
    this.configuration = configuration;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> folders) {
    Walk walk = new Walk(folders);
    TaskContext task = TaskContext.get();
    if (task != null) { // the rest of the rows may never be asked for
      task.addTaskCompletionListener((TaskCompletionListener) context -> walk.close());
    }
    return walk;
  }

  /** Yields rows as they are found: a folder may have more entries than fit into memory. */
  private final class Walk implements Iterator<Row> {
    private final Iterator<Row> input;
    private final Attempts attempts = new Attempts();
    private final Queue<Row> found = new ArrayDeque<>();

    /** Folders below the current one of the input, at most as many as the budget allows. */
    private final Deque<Row> below = new ArrayDeque<>();

    private int spent;
    private @Nullable Row folder;
    private @Nullable FolderEntries entries;

    /** True if the current folder has given an entry. */
    private boolean isBegun;

    Walk(Iterator<Row> input) {
      this.input = input;
    }

    @Override
    public boolean hasNext() {
      while (found.isEmpty()) {
        if (folder != null) {
          readOn(folder);
        } else if (!below.isEmpty()) {
          walkOrReturn(below.pop());
        } else if (input.hasNext()) {
          begin(input.next());
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
      return found.remove();
    }

    private void begin(Row row) {
      spent = 0;
      if (ListingRows.is(ListingRows.Kind.REST, row)) {
        folder = row;
      } else {
        found.add(row); // a file that was given by its name
      }
    }

    private void walkOrReturn(Row next) {
      if (spent < BUDGET) {
        folder = next;
      } else {
        found.add(next);
      }
    }

    /** Opens the folder, or takes its next entry. */
    private void readOn(Row current) {
      CurrentTask.stopIfKilled();
      try {
        if (entries == null) {
          open(current);
        } else if (entries.hasNext()) {
          take(entries.next());
        } else {
          attempts.succeeded();
          end();
        }
      } catch (IOException | RuntimeException e) {
        fail(current, e); // connectors to storages throw both
      }
    }

    private void open(Row current) throws IOException {
      spent += COST_OF_FOLDER;
      String address = ListingRows.path(current);
      if (LocalFolder.isAddress(address)) { // also if it fails: links lead to it once
        String real = ListingRows.real(current);
        found.add(
            ListingRows.of(
                ListingRows.Kind.FOLDER,
                real == null ? address : real,
                null,
                ListingRows.links(current)));
      }
      entries = FolderEntries.open(current, configuration.value());
    }

    private void take(@Nullable Row entry) {
      spent++;
      isBegun = true;
      if (entry == null) {
        return;
      }
      if (ListingRows.is(ListingRows.Kind.REST, entry) && spent < BUDGET) {
        below.push(entry);
      } else {
        found.add(entry);
      }
    }

    private void fail(Row failed, Exception failure) {
      boolean isRepeated = isBegun;
      close();
      if (attempts.isWorthAnother(failure)) {
        if (isRepeated) {
          found.add(ListingRows.of(ListingRows.Kind.AGAIN, ListingRows.path(failed), null, 0));
        }
        isBegun = false;
      } else {
        found.add(problem(failed, failure));
        end();
      }
    }

    private static Row problem(Row failed, Exception failure) {
      return ListingRows.problem(
          FolderEntries.readable(ListingRows.path(failed)),
          ListingRows.links(failed),
          "the folder could not be listed: " + FileFailure.reason(failure));
    }

    private void end() {
      close();
      folder = null;
      isBegun = false;
    }

    private void close() {
      FolderEntries open = entries;
      entries = null;
      if (open == null) {
        return;
      }
      try {
        open.close();
      } catch (IOException | RuntimeException e) {
        // Everything was read, or another failure is reported.
      }
    }
  }
}
