// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.apache.spark.sql.SparkSession;

/**
 * A storage that makes up its folders and files, which take no memory. Their numbers are in the
 * name of the top folder: {@code synthetic:///10x20x1000} has 10 folders of 20 folders of 1000
 * files; {@code synthetic:///deep500} is a chain of 500 folders with one file each; {@code
 * synthetic:///odd3} has a file, a link, and a file with a strange name. A folder can be made to
 * fail. All files are the same short text. Thread-safe.
 */
public final class SyntheticFileSystem extends FileSystem {
  private static final Map<String, Failure> FAILURES = new ConcurrentHashMap<>();

  private static final long TIME = 1_700_000_000_123L;

  /** The number of requests for listings, by folder. */
  private static final Map<String, AtomicInteger> LISTINGS = new ConcurrentHashMap<>();

  private record Failure(AtomicInteger left, int after, Exception failure) {}

  static String register(SparkSession spark) {
    spark
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.synthetic.impl", SyntheticFileSystem.class.getName());
    FAILURES.clear();
    LISTINGS.clear();
    return "synthetic:///";
  }

  /**
   * Makes a folder fail.
   *
   * @param folder its path without the scheme
   * @param times how often
   * @param after the number of entries that it gives before it fails
   */
  static void fail(String folder, int times, int after, Exception failure) {
    FAILURES.put(folder, new Failure(new AtomicInteger(times), after, failure));
  }

  static int listings(String folder) {
    AtomicInteger count = LISTINGS.get(folder);
    return count == null ? 0 : count.get();
  }

  @Override
  public URI getUri() {
    return URI.create("synthetic:///");
  }

  @Override
  public RemoteIterator<FileStatus> listStatusIterator(Path folder) throws IOException {
    String path = folder.toUri().getPath();
    LISTINGS.computeIfAbsent(path, key -> new AtomicInteger()).incrementAndGet();
    if (!getFileStatus(folder).isDirectory()) {
      throw new FileNotFoundException(path);
    }
    Failure failure = FAILURES.get(path);
    int end =
        failure != null && failure.left.getAndDecrement() > 0 ? failure.after : Integer.MAX_VALUE;
    int count = count(path);
    return new RemoteIterator<>() {
      private int next;

      @Override
      public boolean hasNext() throws IOException {
        if (next == end) {
          if (failure.failure instanceof RuntimeException unchecked) {
            throw unchecked;
          }
          throw (IOException) failure.failure;
        }
        return next < count;
      }

      @Override
      public FileStatus next() {
        return entry(folder, path, next++);
      }
    };
  }

  private static int count(String path) {
    List<String> names = names(path);
    String size = names.get(0);
    return size.startsWith("deep")
        ? names.size() < Integer.parseInt(size.substring(4)) ? 2 : 1
        : counts(size).get(names.size() - 1);
  }

  private FileStatus entry(Path folder, String path, int number) {
    List<String> names = names(path);
    boolean isFile =
        names.get(0).startsWith("deep") ? number == 0 : names.size() == counts(names.get(0)).size();
    if (isFile && names.get(0).equals("odd3") && number > 0) {
      return odd(folder, number);
    }
    return status(new Path(folder, (isFile ? "f" : "d") + number), isFile);
  }

  /** Returns a link, or a name that is no name in a path of Hadoop. */
  private static FileStatus odd(Path folder, int number) {
    if (number == 1) {
      FileStatus link = status(new Path(folder, "f1"), true);
      link.setSymlink(new Path("/there"));
      return link;
    }
    return status(new Path(URI.create(folder + "/f%2Fa.jpg")), true);
  }

  private static List<String> names(String path) {
    return List.of(path.substring(1).split("/"));
  }

  private static List<Integer> counts(String size) {
    return Arrays.stream(size.replace("odd", "").split("x"))
        .map(Integer::valueOf)
        .collect(Collectors.toList());
  }

  private static FileStatus status(Path path, boolean isFile) {
    return new FileStatus(isFile ? 7 : 0, !isFile, 1, 1, TIME, path);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    String name = path.toUri().getPath();
    if (name.contains("none")) {
      throw new FileNotFoundException(name);
    }
    Failure failure = FAILURES.get("status of " + name);
    if (failure != null && failure.left.getAndDecrement() > 0) {
      throw (IOException) failure.failure;
    }
    return status(makeQualified(path), path.getName().startsWith("f"));
  }

  @Override
  public FileStatus[] listStatus(Path folder) throws IOException {
    List<FileStatus> all = new ArrayList<>();
    for (RemoteIterator<FileStatus> each = listStatusIterator(folder); each.hasNext(); ) {
      all.add(each.next());
    }
    return all.toArray(FileStatus[]::new);
  }

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    super.initialize(name, configuration);
    setConf(configuration);
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path("synthetic:///");
  }

  @Override
  public void setWorkingDirectory(Path folder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FSDataInputStream open(Path file, int buffer) {
    return new FSDataInputStream(new Content());
  }

  /** What all files contain. */
  private static final class Content extends FSInputStream {
    private static final byte[] BYTES = "no face".getBytes(StandardCharsets.US_ASCII);

    private int next;

    @Override
    public int read() {
      return next == BYTES.length ? -1 : BYTES[next++];
    }

    @Override
    public void seek(long position) {
      next = (int) position;
    }

    @Override
    public long getPos() {
      return next;
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FSDataOutputStream append(Path file, int buffer, Progressable progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    throw new UnsupportedOperationException();
  }
}
