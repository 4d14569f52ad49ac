// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import io.omote.face.internal.files.FileNames;
import io.omote.face.spark.ListingRows.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A listing of folders by executors, in rounds. In each round, tasks walk folders and return files
 * and the folders that they did not get to, which the next round distributes. Neither the driver
 * nor a task holds the files, and tasks receive no paths from the driver but those of the roots.
 *
 * <p>Links in local folders are followed after the folders that they are in, so that a file is
 * listed under its own path if that is in one of the roots, and otherwise once. Not thread-safe.
 */
final class Listing {
  /** A folder takes milliseconds, or up to its budget: enough of them are worth a task. */
  private static final int FOLDERS_PER_TASK = 100;

  /** Repeating a failed task with more images would take long. */
  private static final int IMAGES_PER_TASK = 1000;

  /** The driver keeps the state of each task. */
  private static final int MAX_TASKS = 10_000;

  /** Several tasks per processor even out folders and images that take longer. */
  private static final int TASKS_PER_PROCESSOR = 3;

  private final SparkSession spark;
  private final FolderWalk walk;
  private final Rounds rounds;

  private Listing(SparkSession spark, Rounds rounds) {
    this.spark = spark;
    this.rounds = rounds;
    this.walk =
        new FolderWalk(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
  }

  /**
   * Lists folders now, and keeps the list on the executors, in memory or on their disks, as long as
   * the result is reachable.
   *
   * @param folders folders and files, on any file system that Hadoop supports
   * @return rows of {@link FaceColumns#LISTED}, distributed for a search of faces
   * @throws FaceException if one of the folders cannot be listed
   */
  static Dataset<Row> keep(SparkSession spark, String... folders) {
    return new Listing(spark, new KeptRounds(spark)).of(List.of(folders));
  }

  /**
   * Lists folders now, and writes the list.
   *
   * @param folders folders and files, on any file system that Hadoop supports
   * @param target a folder that does not exist, on a file system that all executors share. If this
   *     method fails or the process ends, it contains a part, which is of no use.
   * @return rows of {@link FaceColumns#LISTED}, read from the target, in partitions of any size
   * @throws FaceException if one of the folders cannot be listed, in which case the target was not
   *     created unless the folder exists on the driver only
   */
  static Dataset<Row> write(SparkSession spark, List<String> folders, String target) {
    return new Listing(spark, new WrittenRounds(spark, target)).of(folders);
  }

  /**
   * Checks folders that are to be listed.
   *
   * @throws FaceException if one of them cannot be listed
   */
  static void requireListable(SparkSession spark, List<String> folders) {
    folders.forEach(folder -> addRoot(spark, folder, new HashMap<>()));
  }

  /** The results of the rounds of a listing. */
  private interface Rounds {
    /** Returns the rows of a round, which runs when they are first used. */
    Dataset<Row> run(JavaRDD<Row> rows);

    /** Returns the rows of all rounds. */
    Dataset<Row> all();

    /** Returns the result of the listing, from its images and their number. */
    Dataset<Row> result(Dataset<Row> images, long count);
  }

  /** Spark deletes kept rows when nothing refers to them anymore. */
  private static final class KeptRounds implements Rounds {
    private final SparkSession spark;
    private final List<JavaRDD<Row>> rounds = new ArrayList<>();

    KeptRounds(SparkSession spark) {
      this.spark = spark;
    }

    @Override
    public Dataset<Row> run(JavaRDD<Row> rows) {
      rounds.add(rows.persist(StorageLevel.MEMORY_AND_DISK_SER()));
      return spark.createDataFrame(rows, ListingRows.SCHEMA);
    }

    @Override
    public Dataset<Row> all() {
      return rounds.stream()
          .reduce(JavaRDD::union)
          .map(rows -> spark.createDataFrame(rows, ListingRows.SCHEMA))
          .orElseThrow();
    }

    /** Distributes images: one task listed a folder, but its images are work for many. */
    @Override
    public Dataset<Row> result(Dataset<Row> images, long count) {
      return distributed(images, count);
    }
  }

  private static final class WrittenRounds implements Rounds {
    private final SparkSession spark;
    private final String target;
    private final List<String> rounds = new ArrayList<>();

    WrittenRounds(SparkSession spark, String target) {
      this.spark = spark;
      this.target = target;
    }

    @Override
    public Dataset<Row> run(JavaRDD<Row> rows) {
      String round = String.format(Locale.ROOT, "%s/round-%d", target, rounds.size());
      spark.createDataFrame(rows, ListingRows.SCHEMA).write().parquet(round);
      rounds.add(Storage.literal(new Path(round)));
      return read(List.of(rounds.get(rounds.size() - 1)));
    }

    @Override
    public Dataset<Row> all() {
      return read(rounds);
    }

    @Override
    public Dataset<Row> result(Dataset<Row> images, long count) {
      return images;
    }

    private Dataset<Row> read(Collection<String> folders) {
      return Storage.reader(spark, ListingRows.SCHEMA).parquet(folders.toArray(String[]::new));
    }
  }

  private Dataset<Row> of(List<String> folders) {
    Map<String, Row> roots = new LinkedHashMap<>();
    folders.forEach(folder -> addRoot(spark, folder, roots));
    boolean isTwice = hasNested(roots.keySet());
    Dataset<Row> next = spark.createDataFrame(List.copyOf(roots.values()), ListingRows.SCHEMA);
    long links = 0;
    long files = 0;
    for (boolean isFirst = true; ; isFirst = false) {
      Dataset<Row> round = rounds.run(next.toJavaRDD().mapPartitions(walk));
      Counts counts = Counts.of(round);
      if (isFirst && counts.hasProblems) {
        requireListed(roots.values(), round);
      }
      isTwice |= counts.isTwice;
      files += counts.of(Kind.FILE);
      links += counts.of(Kind.LINK);
      long rest = counts.of(Kind.REST);
      if (rest > 0) {
        next = distributed(round.where(isKind(Kind.REST)), tasksOfFolders(rest));
      } else if (links > 0) {
        next = distributed(notWalked(rounds.all()), tasksOfFolders(links));
        links = 0;
      } else {
        return rounds.result(images(isTwice), files);
      }
    }
  }

  /**
   * Adds a row for a folder or a file that was asked for.
   *
   * @param roots rows by their address without links
   */
  private static void addRoot(SparkSession spark, String folder, Map<String, Row> roots) {
    Attempts attempts = new Attempts();
    while (true) {
      try {
        addRootOnce(spark, folder, roots);
        return;
      } catch (IOException | RuntimeException e) { // connectors to storages throw both
        if (!attempts.isWorthAnother(e)) {
          throw new FaceException(
              String.format(
                  Locale.ROOT,
                  "the folder of images %s could not be listed: %s",
                  folder,
                  FileNames.loss(folder).orElse(Storage.reason(e))),
              e);
        }
      }
    }
  }

  private static void addRootOnce(SparkSession spark, String folder, Map<String, Row> roots)
      throws IOException {
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    Path path = new Path(folder);
    FileSystem system = path.getFileSystem(configuration);
    Path qualified = system.makeQualified(path);
    boolean isLocal = LocalFolder.isAddress(qualified.toString());
    Row root = isLocal ? local(qualified) : onStorage(system, qualified);
    if (ListingRows.is(Kind.REST, root)) {
      try (FolderEntries entries = FolderEntries.open(root, configuration)) {
        entries.hasNext(); // fails if the folder cannot be listed
      }
    }
    roots.putIfAbsent(isLocal ? realAddress(qualified) : qualified.toString(), root);
  }

  private static Row local(Path root) throws IOException {
    java.nio.file.Path path = LocalFolder.nio(root);
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    java.nio.file.Path real = path.toRealPath();
    if (attributes.isDirectory()) {
      return ListingRows.of(Kind.REST, LocalFolder.address(path), LocalFolder.real(path, real), 0);
    }
    Row file = LocalFolder.file(path, real, 0, attributes);
    if (file == null) {
      throw new IllegalArgumentException("it is a pipe or a device");
    }
    return file;
  }

  private static String realAddress(Path root) throws IOException {
    return LocalFolder.address(LocalFolder.nio(root).toRealPath());
  }

  private static Row onStorage(FileSystem system, Path root) throws IOException {
    FileStatus status = system.getFileStatus(root);
    return status.isDirectory()
        ? ListingRows.of(Kind.REST, root.toString(), null, 0)
        : ListingRows.file(root.toString(), null, 0, status.getModificationTime(), status.getLen());
  }

  /** Returns whether one of some addresses is in another. */
  private static boolean hasNested(Set<String> addresses) {
    return addresses.stream().anyMatch(address -> isNested(address, addresses));
  }

  private static boolean isNested(String address, Set<String> others) {
    for (int end = address.lastIndexOf('/'); end >= 0; end = address.lastIndexOf('/', end - 1)) {
      // The topmost folder has its slash.
      if (others.contains(address.substring(0, end))
          || end + 1 < address.length() && others.contains(address.substring(0, end + 1))) {
        return true;
      }
    }
    return false;
  }

  /** Fails if an executor could not list what the driver could. */
  private static void requireListed(Collection<Row> roots, Dataset<Row> round) {
    Object[] paths =
        roots.stream()
            .filter(root -> ListingRows.is(Kind.REST, root))
            .map(ListingRows::path)
            .map(FolderEntries::readable)
            .toArray();
    List<Row> failed =
        round
            .where(functions.col(ListingRows.PROBLEM).isNotNull())
            .where(functions.col(ListingRows.PATH).isin(paths))
            .select(ListingRows.PATH, ListingRows.PROBLEM)
            .limit(1)
            .collectAsList();
    for (Row row : failed) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "the folder of images %s could not be listed on an executor (%s): every machine of the cluster must have access to it",
              row.getString(0),
              row.getString(1)));
    }
  }

  /**
   * The result of a round.
   *
   * @param rows the number of rows by kind
   * @param hasProblems whether there are rows with a problem
   * @param isTwice whether files may be in the list twice
   */
  private record Counts(Map<String, Long> rows, boolean hasProblems, boolean isTwice) {
    static Counts of(Dataset<Row> round) {
      List<Row> kinds =
          round
              .groupBy(ListingRows.KIND)
              .agg(
                  functions.count(ListingRows.KIND),
                  functions.count(ListingRows.PROBLEM),
                  functions.max(ListingRows.LINKS))
              .collectAsList();
      Map<String, Long> rows =
          kinds.stream().collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
      return new Counts(
          rows,
          kinds.stream().anyMatch(row -> row.getLong(2) > 0),
          rows.containsKey(Kind.AGAIN.name()) || kinds.stream().anyMatch(row -> row.getInt(3) > 0));
    }

    long of(Kind kind) {
      return rows.getOrDefault(kind.name(), 0L);
    }
  }

  private static Column isKind(Kind kind) {
    return functions.col(ListingRows.KIND).equalTo(kind.name());
  }

  /**
   * Distributes images to tasks that take longer than the listing.
   *
   * @param images rows with a path
   * @param count their number
   */
  static Dataset<Row> distributed(Dataset<Row> images, long count) {
    return distributed(images, tasksOfImages(images.sparkSession(), count));
  }

  /** Distributes by the path: a repeated task must get the same rows. */
  private static Dataset<Row> distributed(Dataset<Row> rows, int tasks) {
    return rows.repartition(tasks, functions.col(ListingRows.PATH));
  }

  private int tasksOfFolders(long count) {
    return tasks(spark, count, FOLDERS_PER_TASK);
  }

  /** Returns the number of tasks that process a number of images. */
  static int tasksOfImages(SparkSession spark, long count) {
    return tasks(spark, count, IMAGES_PER_TASK);
  }

  private static int tasks(SparkSession spark, long count, int perTask) {
    long processors = spark.sparkContext().defaultParallelism();
    long tasks =
        Math.max(
            Math.min(count, processors * TASKS_PER_PROCESSOR),
            Math.min(count / perTask, MAX_TASKS));
    return (int) Math.max(1, tasks);
  }

  /** Returns the folders that links lead to and that were not walked, each once. */
  private static Dataset<Row> notWalked(Dataset<Row> rows) {
    Dataset<Row> walked =
        rows.where(isKind(Kind.FOLDER)).select(functions.col(ListingRows.PATH).as("walked"));
    Dataset<Row> targets =
        rows.where(isKind(Kind.LINK))
            .groupBy(ListingRows.REAL)
            .agg(functions.min(functions.struct(ListingRows.LINKS, ListingRows.PATH)).as("link"));
    Column isWalked = functions.col(ListingRows.REAL).equalTo(functions.col("walked"));
    return targets
        .join(walked, isWalked, "left_anti")
        .select(
            functions.lit(Kind.REST.name()).as(ListingRows.KIND),
            functions.col("link." + ListingRows.PATH),
            functions.col(ListingRows.REAL),
            functions.col("link." + ListingRows.LINKS),
            functions.lit(null).cast(DataTypes.LongType).as(ListingRows.MODIFIED),
            functions.lit(null).cast(DataTypes.LongType).as(ListingRows.LENGTH),
            functions.lit(null).cast(DataTypes.StringType).as(ListingRows.PROBLEM));
  }

  private Dataset<Row> images(boolean isTwice) {
    Dataset<Row> files = rounds.all().where(isKind(Kind.FILE));
    return (isTwice ? once(files) : files)
        .select(
            functions.col(ListingRows.PATH),
            functions
                .expr(String.format(Locale.ROOT, "timestamp_millis(%s)", ListingRows.MODIFIED))
                .as(FaceColumns.MODIFIED),
            functions.col(ListingRows.LENGTH),
            functions.col(ListingRows.PROBLEM));
  }

  /** Returns each file under its own path, or else under that with the fewest links. */
  private static Dataset<Row> once(Dataset<Row> files) {
    return files
        .groupBy(
            functions.coalesce(functions.col(ListingRows.REAL), functions.col(ListingRows.PATH)),
            functions.col(ListingRows.PROBLEM).isNull())
        .agg(
            functions
                .min(
                    functions.struct(
                        ListingRows.LINKS,
                        ListingRows.PATH,
                        ListingRows.MODIFIED,
                        ListingRows.LENGTH,
                        ListingRows.PROBLEM))
                .as("file"))
        .select("file.*");
  }
}
