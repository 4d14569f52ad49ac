// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.Album;
import io.omote.face.FaceAlbums;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGraph;
import io.omote.face.GalleryEntry;
import io.omote.face.evaluation.ThresholdCounts;
import io.omote.face.internal.search.MeanLinkage;
import io.omote.face.internal.search.Neighbors;
import io.omote.face.internal.search.PairCounts;
import io.omote.face.internal.search.VectorTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Compares all pairs of faces on Apache Spark, exactly: the counts are those of {@link
 * ThresholdCounts}, the links those of {@link FaceGraph}. Faces are divided into blocks, and one
 * task compares each pair of blocks, so the work grows with the square of the number of faces. The
 * input is read more than once.
 *
 * <p>Stateless and thread-safe.
 */
public final class SparkPairs {
  /** A task holds two blocks in memory, in three forms of 40 MB each. */
  private static final int FACES_PER_BLOCK = 20_000;

  /** Above this number, a task compares several pairs of blocks in turn. */
  private static final int MAX_TASKS = 10_000;

  /** The largest array that every JVM can allocate. */
  private static final int MAX_FACES = Integer.MAX_VALUE - 8;

  private static final String PERSON = "person";
  private static final String ID = "id";
  private static final String ALBUM = "album";
  private static final String ALL = "samples";
  private static final String EMBEDDED = "embedded";

  private static final StructType LINKS =
      new StructType()
          .add("first", DataTypes.LongType, false)
          .add("second", DataTypes.LongType, false)
          .add("similarity", DataTypes.DoubleType, false);

  private static final StructType SAMPLES =
      new StructType()
          .add(PERSON, DataTypes.StringType)
          .add(FaceColumns.EMBEDDING, DataTypes.BinaryType);

  private static final StructType FACES =
      new StructType()
          .add(FaceColumns.PATH, DataTypes.StringType)
          .add(FaceColumns.FACE, DataTypes.IntegerType)
          .add(FaceColumns.EMBEDDING, DataTypes.BinaryType);

  private static final StructType NUMBERED =
      new StructType()
          .add(ID, DataTypes.LongType, false)
          .add(FaceColumns.EMBEDDING, DataTypes.BinaryType, false);

  private static final StructType ALBUMS =
      new StructType()
          .add(FaceColumns.PATH, DataTypes.StringType)
          .add(FaceColumns.FACE, DataTypes.IntegerType)
          .add(ALBUM, DataTypes.IntegerType);

  private SparkPairs() {}

  /** A comparison of two blocks, which are the same list if a block is compared with itself. */
  private interface Comparison<T> extends Serializable {
    T of(List<Sample> first, List<Sample> second);
  }

  /**
   * Compares all samples with each other, each pair once. A pair is mated if both samples belong to
   * one person. All comparisons of a sample without an embedding count as failures.
   *
   * @param samples rows with {@code person}, a string, and {@code embedding}, in the form of {@link
   *     FaceEmbedding#toBytes}, null for a failure
   * @param thresholds the similarities of interest, in [-1, 1], in any order
   * @return the counts
   * @throws IllegalArgumentException if a column is missing or of another type, a face has no
   *     person, there is no threshold, or one is out of range
   */
  public static ThresholdCounts within(Dataset<Row> samples, double... thresholds) {
    return within(samples, FACES_PER_BLOCK, thresholds);
  }

  static ThresholdCounts within(Dataset<Row> samples, int facesPerBlock, double... thresholds) {
    requireColumns(samples, SAMPLES);
    double[] ascending = ascending(thresholds);
    Column ofPerson = functions.col(ALL);
    Row totals =
        totals(
            sizes(samples),
            functions.sum(
                functions.shiftright(ofPerson.multiply(ofPerson.minus(functions.lit(1))), 1)));
    long all = longAt(totals, 0);
    long embedded = longAt(totals, 1);
    int blocks = blocks(embedded, facesPerBlock);
    ThresholdCounts made =
        counts(compareWithin(samples(samples, false), blocks, counting(ascending)), ascending);
    long mated = longAt(totals, 3);
    return made.withFailures(
        mated - made.matedTrials(), all * (all - 1) / 2 - mated - made.nonMatedTrials());
  }

  /**
   * Compares each sample of one data set with each of another. A pair is mated if both samples
   * belong to one person. All comparisons of a sample without an embedding count as failures.
   *
   * @param first rows with {@code person}, a string, and {@code embedding}, in the form of {@link
   *     FaceEmbedding#toBytes}, null for a failure
   * @param second other rows of that form, from the same model
   * @param thresholds the similarities of interest, in [-1, 1], in any order
   * @return the counts
   * @throws IllegalArgumentException if a column is missing or of another type, a face has no
   *     person, there is no threshold, or one is out of range
   */
  public static ThresholdCounts between(
      Dataset<Row> first, Dataset<Row> second, double... thresholds) {
    return between(first, second, FACES_PER_BLOCK, thresholds);
  }

  static ThresholdCounts between(
      Dataset<Row> first, Dataset<Row> second, int facesPerBlock, double... thresholds) {
    requireColumns(first, SAMPLES);
    requireColumns(second, SAMPLES);
    double[] ascending = ascending(thresholds);
    Row one = totals(sizes(first));
    Row other = totals(sizes(second));
    Row both =
        sizes(first)
            .as("a")
            .join(sizes(second).as("b"), PERSON)
            .select(functions.sum(functions.col("a." + ALL).multiply(functions.col("b." + ALL))))
            .first();
    int rows = blocks(longAt(one, 1), facesPerBlock);
    int columns = blocks(longAt(other, 1), facesPerBlock);
    ThresholdCounts made =
        counts(
            compareBetween(
                samples(first, false), rows, samples(second, true), columns, counting(ascending)),
            ascending);
    long mated = longAt(both, 0);
    return made.withFailures(
        mated - made.matedTrials(),
        longAt(one, 0) * longAt(other, 0) - mated - made.nonMatedTrials());
  }

  /**
   * Links each face with the {@value FaceGraph#NEIGHBORS} most similar faces, as {@link FaceGraph}
   * does: from 0.84 of the threshold. State the images of the faces when you build the graph.
   *
   * @param faces rows with {@code id}, a unique long, and {@code embedding}, in the form of {@link
   *     FaceEmbedding#toBytes}; rows without an embedding are ignored
   * @param threshold the minimum similarity of two faces of one person, in (0, 1]
   * @return rows with {@code first}, {@code second} and {@code similarity}, for {@link
   *     FaceGraph.Builder#link}; if each of two faces is among the nearest of the other, there are
   *     two rows, one from each
   * @throws IllegalArgumentException if a column is missing or of another type, a face has no id,
   *     or the threshold is out of range
   */
  public static Dataset<Row> neighbors(Dataset<Row> faces, double threshold) {
    return neighbors(faces, FACES_PER_BLOCK, threshold);
  }

  static Dataset<Row> neighbors(Dataset<Row> faces, int facesPerBlock, double threshold) {
    requireColumns(faces, NUMBERED);
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "expected a threshold in (0, 1], a raw cosine, found " + threshold);
    }
    double weakest = MeanLinkage.weakestLink(threshold);
    Dataset<Row> embedded = faces.where(functions.col(FaceColumns.EMBEDDING).isNotNull());
    Row counts = embedded.agg(functions.count(functions.lit(1)), functions.count(ID)).first();
    if (counts.getLong(1) < counts.getLong(0)) {
      throw without("an id", counts.getLong(0) - counts.getLong(1));
    }
    int blocks = blocks(counts.getLong(0), facesPerBlock);
    JavaRDD<Sample> samples =
        embedded
            .select(ID, FaceColumns.EMBEDDING)
            .javaRDD()
            .map(row -> new Sample(row.getLong(0), "", row.getAs(1), false));
    JavaRDD<Row> links =
        compareWithin(samples, blocks, (first, second) -> links(first, second, weakest))
            .flatMapToPair(List::iterator)
            .reduceByKey(Links::merge)
            .flatMap(face -> face._2().rows(face._1()).iterator());
    return faces.sparkSession().createDataFrame(links, LINKS);
  }

  /**
   * Groups faces by person, as {@link FaceAlbums} does: the cluster finds the links between faces,
   * and the driver groups them. Faces of one image are in different albums.
   *
   * <pre>{@code
   * Dataset<Row> faces = SparkFaces.latest(rows).where("status = 'OK'");
   * double threshold = models.albumPoint((int) faces.count()).threshold();
   * Dataset<Row> albums = SparkPairs.albums(faces, threshold);
   * }</pre>
   *
   * @param faces rows with {@code path}, {@code face} and {@code embedding}, as {@link
   *     SparkFaces#find} returns them; rows without an embedding are ignored
   * @param threshold the minimum similarity of two faces of one person, in (0, 1]
   * @return a row with {@code path}, {@code face} and {@code album} for each face; albums have
   *     numbers from 0, by descending number of faces, and faces in no album have null
   * @throws IllegalArgumentException if a column is missing or of another type, a face has no path
   *     or number, the threshold is out of range, a face has two rows, or there are more faces than
   *     an array has elements
   */
  public static Dataset<Row> albums(Dataset<Row> faces, double threshold) {
    return albums(faces, FACES_PER_BLOCK, threshold);
  }

  static Dataset<Row> albums(Dataset<Row> faces, int facesPerBlock, double threshold) {
    requireColumns(faces, FACES);
    Dataset<Row> embedded =
        faces
            .where(functions.col(FaceColumns.EMBEDDING).isNotNull())
            .select(FaceColumns.PATH, FaceColumns.FACE, FaceColumns.EMBEDDING);
    requireOneRowEach(embedded);
    // Each face is its position in this order, which is the same whenever Spark repeats the sort.
    Dataset<Row> ordered = embedded.orderBy(FaceColumns.PATH, FaceColumns.FACE);
    Dataset<Row> names = ordered.drop(FaceColumns.EMBEDDING);
    SparkSession spark = faces.sparkSession();
    Dataset<Row> numbered =
        spark.createDataFrame(
            ordered
                .javaRDD()
                .zipWithIndex()
                .map(face -> RowFactory.create(face._2(), face._1().getAs(2))),
            NUMBERED);
    int[] albums = albumOf(names, neighbors(numbered, facesPerBlock, threshold), threshold);
    Broadcast<int[]> everywhere =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(albums);
    return spark.createDataFrame(
        names.javaRDD().zipWithIndex().map(face -> row(face, everywhere.value())), ALBUMS);
  }

  private static void requireOneRowEach(Dataset<Row> faces) {
    List<Row> repeated =
        faces
            .groupBy(FaceColumns.PATH, FaceColumns.FACE)
            .count()
            .where("count > 1 OR path IS NULL OR face IS NULL")
            .limit(1)
            .collectAsList();
    if (!repeated.isEmpty()) {
      Row face = repeated.get(0);
      if (face.isNullAt(0) || face.isNullAt(1)) {
        throw without("a path and the number of the face", face.getLong(2));
      }
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected one row of each face, found %d of face %d of %s: take the newest with SparkFaces.latest",
              face.getLong(2),
              face.getInt(1),
              face.getString(0)));
    }
  }

  /** Returns the number of the album of each face, -1 for faces in none. */
  private static int[] albumOf(Dataset<Row> names, Dataset<Row> links, double threshold) {
    long count = names.count();
    if (count > MAX_FACES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected at most %d faces, found %d: group them by collection",
              MAX_FACES,
              count));
    }
    FaceGraph.Builder graph = FaceGraph.builder((int) count, threshold);
    int face = 0;
    long image = -1;
    String path = null;
    for (Iterator<Row> each = names.toLocalIterator(); each.hasNext(); face++) {
      String its = each.next().getString(0);
      if (!its.equals(path)) {
        image++;
        path = its;
      }
      graph.image(face, image);
    }
    for (Iterator<Row> each = links.toLocalIterator(); each.hasNext(); ) {
      Row link = each.next();
      graph.link((int) link.getLong(0), (int) link.getLong(1), link.getDouble(2));
    }
    int[] albums = new int[(int) count];
    Arrays.fill(albums, -1);
    List<Album> found = FaceAlbums.of(graph.build()).albums();
    for (int album = 0; album < found.size(); album++) {
      for (Album.Proposal proposal : found.get(album).faces()) {
        albums[proposal.face()] = album;
      }
    }
    return albums;
  }

  private static Row row(Tuple2<Row, Long> face, int[] albums) {
    int album = albums[Math.toIntExact(face._2())];
    return RowFactory.create(face._1().get(0), face._1().get(1), album < 0 ? null : album);
  }

  private static void requireColumns(Dataset<Row> rows, StructType needed) {
    List<String> columns = Arrays.asList(rows.columns());
    if (!columns.containsAll(List.of(needed.fieldNames()))) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected columns named %s, found %s",
              List.of(needed.fieldNames()),
              columns));
    }
    for (StructField column : needed.fields()) {
      DataType found = rows.schema().apply(column.name()).dataType();
      if (!found.equals(column.dataType())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "expected the column %s to be of the type %s, found %s: cast it, or choose another",
                column.name(),
                column.dataType().sql(),
                found.sql()));
      }
    }
  }

  private static IllegalArgumentException without(String what, long count) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "expected %s in each row with an embedding, found %d rows without: leave them out",
            what,
            count));
  }

  /** Returns sorted, distinct thresholds, checked like those of counts in one JVM. */
  private static double[] ascending(double[] thresholds) {
    return ThresholdCounts.within(List.of(), thresholds).thresholds();
  }

  /** Returns for each person the number of samples and the number of those with an embedding. */
  private static Dataset<Row> sizes(Dataset<Row> samples) {
    return samples
        .groupBy(PERSON)
        .agg(
            functions.count(functions.lit(1)).as(ALL),
            functions.count(FaceColumns.EMBEDDING).as(EMBEDDED));
  }

  /** Returns the number of samples, of embeddings, and of those without a person, then others. */
  private static Row totals(Dataset<Row> sizes, Column... others) {
    Column embedded = functions.col(EMBEDDED);
    List<Column> sums =
        List.of(
            functions.sum(embedded),
            functions.sum(functions.when(functions.col(PERSON).isNull(), embedded)));
    Row totals =
        sizes
            .agg(
                functions.sum(ALL),
                Stream.concat(sums.stream(), Arrays.stream(others)).toArray(Column[]::new))
            .first();
    if (longAt(totals, 2) > 0) {
      throw without("a person", longAt(totals, 2));
    }
    return totals;
  }

  /** Returns a sum, 0 instead of the null that SQL returns without rows. */
  private static long longAt(Row row, int column) {
    return row.isNullAt(column) ? 0 : row.getLong(column);
  }

  private static int blocks(long faces, int facesPerBlock) {
    return Math.toIntExact(Math.max(1, (faces + facesPerBlock - 1) / facesPerBlock));
  }

  private static JavaRDD<Sample> samples(Dataset<Row> rows, boolean isSecond) {
    return rows.where(functions.col(FaceColumns.EMBEDDING).isNotNull())
        .select(PERSON, FaceColumns.EMBEDDING)
        .javaRDD()
        .map(row -> new Sample(0, row.getString(0), row.getAs(1), isSecond));
  }

  private static <T> JavaRDD<T> compareWithin(
      JavaRDD<Sample> samples, int blocks, Comparison<T> comparison) {
    JavaPairRDD<Long, Sample> placed =
        samples.flatMapToPair(
            sample -> {
              int block = sample.block(blocks);
              return place(
                  blocks,
                  other -> {
                    long low = Math.min(block, other);
                    long high = Math.max(block, other);
                    long pair = high * (high + 1) / 2 + low;
                    return new Tuple2<>(pair, sample.onSide(other < block));
                  });
            });
    return compare(placed, blocks * (blocks + 1L) / 2, true, comparison);
  }

  private static <T> JavaRDD<T> compareBetween(
      JavaRDD<Sample> first,
      int rows,
      JavaRDD<Sample> second,
      int columns,
      Comparison<T> comparison) {
    JavaPairRDD<Long, Sample> placed =
        first
            .union(second)
            .flatMapToPair(
                sample -> {
                  long block = sample.block(sample.isSecond() ? columns : rows);
                  return sample.isSecond()
                      ? place(rows, row -> new Tuple2<>(row * columns + block, sample))
                      : place(columns, column -> new Tuple2<>(block * columns + column, sample));
                });
    return compare(placed, (long) rows * columns, false, comparison);
  }

  /** Sends a sample to the pairs of its block with each of the other blocks. */
  private static Iterator<Tuple2<Long, Sample>> place(
      int others, LongFunction<Tuple2<Long, Sample>> pair) {
    return LongStream.range(0, others).mapToObj(pair).iterator();
  }

  /** Compares the two sides of each pair of blocks. */
  private static <T> JavaRDD<T> compare(
      JavaPairRDD<Long, Sample> placed, long pairs, boolean within, Comparison<T> comparison) {
    return placed
        .groupByKey(new HashPartitioner((int) Math.min(pairs, MAX_TASKS)))
        .map(
            pair -> {
              List<Sample> first = new ArrayList<>();
              List<Sample> second = new ArrayList<>();
              pair._2().forEach(sample -> (sample.isSecond() ? second : first).add(sample));
              return comparison.of(first, within && isWithItself(pair._1()) ? first : second);
            });
  }

  /** Returns whether {@code low = high} in {@code pair = high (high + 1) / 2 + low}. */
  private static boolean isWithItself(long pair) {
    long high = Math.round((Math.sqrt(8.0 * pair + 9) - 3) / 2);
    return high * (high + 3) / 2 == pair;
  }

  /** Counts mated pairs at each threshold, then non-mated ones, then all mated, all non-mated. */
  private static Comparison<long[]> counting(double[] thresholds) {
    return (first, second) -> {
      List<GalleryEntry> one = entries(first);
      PairCounts counts =
          PairCounts.of(one, first == second ? one : entries(second), thresholds, false);
      return Stream.of(
              counts.mated(),
              counts.nonMated(),
              new long[] {counts.matedPairs(), counts.nonMatedPairs()})
          .flatMapToLong(Arrays::stream)
          .toArray();
    };
  }

  private static List<GalleryEntry> entries(List<Sample> samples) {
    return samples.stream()
        .map(sample -> new GalleryEntry(sample.person(), "sample", sample.face()))
        .toList();
  }

  private static ThresholdCounts counts(JavaRDD<long[]> parts, double[] thresholds) {
    int length = thresholds.length;
    long[] sums =
        parts.fold(
            new long[2 * length + 2],
            (a, b) -> IntStream.range(0, a.length).mapToLong(i -> a[i] + b[i]).toArray());
    return ThresholdCounts.of(
        thresholds,
        Arrays.copyOf(sums, length),
        Arrays.copyOfRange(sums, length, 2 * length),
        sums[2 * length],
        sums[2 * length + 1]);
  }

  /** Returns the neighbors of the faces of each side on the other side. */
  private static List<Tuple2<Long, Links>> links(
      List<Sample> first, List<Sample> second, double threshold) {
    List<Sample> one = byId(first);
    VectorTable faces = table(one);
    if (first == second) {
      return links(one, faces, one, faces, threshold);
    }
    List<Sample> other = byId(second);
    VectorTable others = table(other);
    List<Tuple2<Long, Links>> links = links(one, faces, other, others, threshold);
    links.addAll(links(other, others, one, faces, threshold));
    return links;
  }

  /** Sorts by id, because neighbors of equal similarity are in the order of the table. */
  private static List<Sample> byId(List<Sample> samples) {
    return samples.stream().sorted(Comparator.comparingLong(Sample::id)).toList();
  }

  private static VectorTable table(List<Sample> samples) {
    return VectorTable.of(samples.stream().map(Sample::face).toList());
  }

  private static List<Tuple2<Long, Links>> links(
      List<Sample> probes,
      VectorTable probeFaces,
      List<Sample> others,
      VectorTable otherFaces,
      double threshold) {
    Neighbors neighbors = Neighbors.between(probeFaces, otherFaces, FaceGraph.NEIGHBORS, threshold);
    List<Tuple2<Long, Links>> links = new ArrayList<>();
    for (int probe = 0; probe < neighbors.size(); probe++) {
      int count = neighbors.count(probe);
      if (count > 0) {
        long[] ids = new long[count];
        double[] similarities = new double[count];
        for (int rank = 0; rank < count; rank++) {
          ids[rank] = others.get(neighbors.neighbor(probe, rank)).id();
          similarities[rank] = neighbors.similarity(probe, rank);
        }
        links.add(new Tuple2<>(probes.get(probe).id(), new Links(ids, similarities)));
      }
    }
    return links;
  }
}
