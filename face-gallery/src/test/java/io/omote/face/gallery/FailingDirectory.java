// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.FilterIndexOutput;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;

/** A directory that counts operations on files, and fails like a disk when a test says so. */
final class FailingDirectory extends FilterDirectory {
  private int done;
  private int failing = Integer.MAX_VALUE;
  private boolean isForGood;
  private boolean isAfterwards;
  private Supplier<? extends Throwable> failure = IOException::new;

  FailingDirectory(Directory directory) {
    super(directory);
  }

  /**
   * Fails at an operation.
   *
   * @param operation the number of the operation among the next ones, from 0
   * @param forGood whether all later operations fail, too
   * @param afterwards whether the failing operation takes effect all the same
   * @param thrown the exception
   */
  void failAt(
      int operation, boolean forGood, boolean afterwards, Supplier<? extends Throwable> thrown) {
    done = 0;
    failing = operation;
    isForGood = forGood;
    isAfterwards = afterwards;
    failure = thrown;
  }

  boolean hasFailed() {
    return done > failing;
  }

  /** Stops failing, and returns whether it has failed. */
  boolean repair() {
    boolean hasFailed = hasFailed();
    failing = Integer.MAX_VALUE;
    return hasFailed;
  }

  private <T> T count(Callable<T> operation) throws IOException {
    int number = done++;
    boolean isFailing = number == failing || isForGood && number > failing;
    try {
      if (!isFailing) {
        return operation.call();
      }
      if (isAfterwards) {
        operation.call();
      }
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    Throwable thrown = failure.get();
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    throw (IOException) thrown;
  }

  private static boolean done() {
    return true;
  }

  @Override
  public String[] listAll() throws IOException {
    return count(in::listAll);
  }

  @Override
  public void deleteFile(String name) throws IOException {
    count(
        () -> {
          in.deleteFile(name);
          return done();
        });
  }

  @Override
  public IndexOutput createOutput(String name, IOContext context) throws IOException {
    return failing(count(() -> in.createOutput(name, context)));
  }

  @Override
  public IndexOutput createTempOutput(String prefix, String suffix, IOContext context)
      throws IOException {
    return failing(count(() -> in.createTempOutput(prefix, suffix, context)));
  }

  /** Content reaches the disk at the latest when the file is closed. */
  private IndexOutput failing(IndexOutput output) {
    return new FilterIndexOutput("of a test", output.getName(), output) {
      private boolean isClosed;

      @Override
      public void close() throws IOException {
        if (isClosed) {
          return;
        }
        isClosed = true;
        try {
          count(FailingDirectory::done);
        } finally {
          out.close();
        }
      }
    };
  }

  /** Only a power failure would show whether it took effect. */
  @Override
  public void sync(Collection<String> names) throws IOException {
    count(FailingDirectory::done);
  }

  @Override
  public void syncMetaData() throws IOException {
    count(FailingDirectory::done);
  }

  @Override
  public void rename(String source, String dest) throws IOException {
    count(
        () -> {
          in.rename(source, dest);
          return done();
        });
  }

  @Override
  public IndexInput openInput(String name, IOContext context) throws IOException {
    return count(() -> in.openInput(name, context));
  }
}
