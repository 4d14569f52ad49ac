// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.Seekable;

/**
 * The local files under the scheme {@code failing}, with a storage that fails as the Hadoop
 * configuration says, also in other JVMs:
 *
 * <ul>
 *   <li>{@code fs.failing.share}: the share of files, chosen by their names, that fail {@code
 *       fs.failing.times} times, 0 by default and once
 *   <li>{@code fs.failing.forever}: the share of other files that always fail
 *   <li>{@code fs.failing.down}: so many opens fail at first, of any file
 *   <li>{@code fs.failing.after}: after so many opens all fail
 *   <li>{@code fs.failing.how}: a name of {@link How} in lower case
 * </ul>
 *
 * Hadoop keeps one file system for each authority of a JVM, with its first configuration and the
 * counts: use a new authority in each test, as in {@code failing://a/tmp}.
 */
public final class FailingFileSystem extends RawLocalFileSystem {
  private static final Map<String, AtomicInteger> OPENS = new ConcurrentHashMap<>();

  private final Map<String, AtomicInteger> failed = new ConcurrentHashMap<>();
  private final AtomicInteger failedWhileDown = new AtomicInteger();
  private URI uri = URI.create("failing:///");
  private float share;
  private float forever;
  private int times;
  private int down;
  private int after;
  private How how = How.OPEN;

  /** How files fail. */
  enum How {
    /** When they are opened. */
    OPEN,
    /** With an exception in the middle. */
    MIDDLE,
    /** With the error of the local file system for a disk, in the middle. */
    DISK,
    /** By ending in the middle, as if that were all. */
    SHORT,
    /** With a runtime exception when they are opened. */
    RUNTIME,
    /** When they are closed. */
    CLOSE,
    /** By denying access. */
    DENIED,
    /** By saying that there is no such file. */
    MISSING
  }

  /** Adds the scheme to a configuration. */
  static void register(Configuration configuration) {
    configuration.set("fs.failing.impl", FailingFileSystem.class.getName());
  }

  /** Returns how many files were opened in this JVM, failing or not. */
  static int opens(String authority) {
    return OPENS.computeIfAbsent(authority, key -> new AtomicInteger()).get();
  }

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    super.initialize(name, configuration);
    uri = URI.create("failing://" + (name.getAuthority() == null ? "" : name.getAuthority()));
    share = configuration.getFloat("fs.failing.share", 0);
    forever = configuration.getFloat("fs.failing.forever", 0);
    times = configuration.getInt("fs.failing.times", 1);
    down = configuration.getInt("fs.failing.down", 0);
    after = configuration.getInt("fs.failing.after", Integer.MAX_VALUE);
    how = How.valueOf(configuration.get("fs.failing.how", "open").toUpperCase(Locale.ROOT));
  }

  @Override
  public URI getUri() {
    // Null while the constructor of the superclass runs.
    return uri == null ? URI.create("failing:///") : uri;
  }

  @Override
  public String getScheme() {
    return "failing";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    int number =
        OPENS
            .computeIfAbsent(
                uri.getAuthority() == null ? "" : uri.getAuthority(), key -> new AtomicInteger())
            .incrementAndGet();
    if (!fails(path, number)) {
      return super.open(path, bufferSize);
    }
    switch (how) {
      case OPEN -> throw new IOException("Connection reset by peer");
      case RUNTIME -> throw new IllegalStateException("Connection pool shut down");
      case DENIED -> throw new AccessDeniedException(path.toString(), null, "403 Forbidden");
      case MISSING -> throw new FileNotFoundException("No such file: " + path);
      default -> {
        InputStream stream = super.open(path, bufferSize);
        return new FSDataInputStream(new Failing(stream, how, getFileStatus(path).getLen() / 2));
      }
    }
  }

  private boolean fails(Path path, int number) {
    if (number > after || failedWhileDown.incrementAndGet() <= down) {
      return true;
    }
    // A number in [0, 1) that looks random and is the same in each run.
    float place = (path.getName().hashCode() * 0x9E3779B1 >>> 8) / (float) (1 << 24);
    if (place < forever) {
      return true;
    }
    return place < forever + share
        && failed.computeIfAbsent(path.toString(), key -> new AtomicInteger()).incrementAndGet()
            <= times;
  }

  /** A stream that fails in its own way. */
  private static final class Failing extends FilterInputStream
      implements Seekable, PositionedReadable {
    private final How how;
    private long left;

    Failing(InputStream stream, How how, long middle) {
      super(stream);
      this.how = how;
      this.left = how == How.CLOSE ? Long.MAX_VALUE : middle;
    }

    private boolean isEnd() throws IOException {
      if (left > 0) {
        return false;
      }
      if (how == How.MIDDLE) {
        throw new IOException("Premature end of Content-Length delimited message body");
      }
      if (how == How.DISK) {
        throw diskError();
      }
      return true;
    }

    private static FSError diskError() {
      try {
        Constructor<FSError> constructor = FSError.class.getDeclaredConstructor(Throwable.class);
        constructor.setAccessible(true);
        return constructor.newInstance(new IOException("Input/output error"));
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public int read() throws IOException {
      return isEnd() ? -1 : one(in.read());
    }

    private int one(int next) {
      left--;
      return next;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (isEnd()) {
        return -1;
      }
      int read = in.read(bytes, from, (int) Math.min(left, length));
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public void close() throws IOException {
      super.close();
      if (how == How.CLOSE) {
        throw new IOException("Connection was closed");
      }
    }

    @Override
    public void seek(long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long getPos() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read(long position, byte[] bytes, int from, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void readFully(long position, byte[] bytes, int from, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void readFully(long position, byte[] bytes) {
      throw new UnsupportedOperationException();
    }
  }
}
