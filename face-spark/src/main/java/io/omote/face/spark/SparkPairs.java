// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGraph;
import io.omote.face.GalleryEntry;
import io.omote.face.evaluation.ThresholdCounts;
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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Compares all faces with all on Apache Spark, exactly: the counts are those of {@link
 * ThresholdCounts}, the links those of {@link FaceGraph}. Faces are divided into blocks, and each
 * pair of blocks is compared by one task, so that the work grows with the square of their number.
 * Data sets that are given are read more than once.
 *
 * <p>Stateless and thread-safe.
 */
public final class SparkPairs {
  /** A task holds two blocks, in three forms of 40 MB each. */
  private static final int FACES_A_BLOCK = 20_000;

  /** Beyond, a task compares several pairs of blocks one after the other. */
  private static final int MOST_TASKS = 10_000;

  private static final String PERSON = "person";
  private static final String ID = "id";

  private static final StructType LINKS =
      new StructType()
          .add("first", DataTypes.LongType, false)
          .add("second", DataTypes.LongType, false)
          .add("similarity", DataTypes.DoubleType, false);

  private SparkPairs() {}

  /** What becomes of two blocks; they are the same list where a block meets itself. */
  private interface Meeting<T> extends Serializable {
    T of(List<Sample> first, List<Sample> second);
  }

  /**
   * Compares all samples with each other, each pair once. A pair is mated where both are of one
   * person. Of a sample without an embedding no comparison can be made: they count as failures.
   *
   * @param samples rows with {@code person}, a text, and {@code embedding}, by {@link
   *     FaceEmbedding#toBytes}, null where there is none
   * @param thresholds the similarities of interest, in [-1, 1], in any order
   * @return the counts
   * @throws IllegalArgumentException if a column is missing, there is no threshold, or one is
   *     outside
   */
  public static ThresholdCounts within(Dataset<Row> samples, double... thresholds) {
    return within(samples, FACES_A_BLOCK, thresholds);
  }

  static ThresholdCounts within(Dataset<Row> samples, int facesABlock, double... thresholds) {
    requireColumns(samples, PERSON, FaceColumns.EMBEDDING);
    double[] ascending = ascending(thresholds);
    Dataset<Row> sizes = sizes(samples);
    Row pairs = sizes.selectExpr("sum(all)", "sum(embedded)", "sum(all * (all - 1) div 2)").first();
    long all = longAt(pairs, 0);
    long embedded = longAt(pairs, 1);
    int blocks = blocks(embedded, facesABlock);
    ThresholdCounts made =
        counts(meetWithin(samples(samples, false), blocks, counting(ascending)), ascending);
    long mated = longAt(pairs, 2);
    return made.withFailures(
        mated - made.matedTrials(), all * (all - 1) / 2 - mated - made.nonMatedTrials());
  }

  /**
   * Compares all samples with all others. A pair is mated where both are of one person. Of a sample
   * without an embedding no comparison can be made: they count as failures.
   *
   * @param first rows with {@code person}, a text, and {@code embedding}, by {@link
   *     FaceEmbedding#toBytes}, null where there is none
   * @param second others of that form, of the same model
   * @param thresholds the similarities of interest, in [-1, 1], in any order
   * @return the counts
   * @throws IllegalArgumentException if a column is missing, there is no threshold, or one is
   *     outside
   */
  public static ThresholdCounts between(
      Dataset<Row> first, Dataset<Row> second, double... thresholds) {
    return between(first, second, FACES_A_BLOCK, thresholds);
  }

  static ThresholdCounts between(
      Dataset<Row> first, Dataset<Row> second, int facesABlock, double... thresholds) {
    requireColumns(first, PERSON, FaceColumns.EMBEDDING);
    requireColumns(second, PERSON, FaceColumns.EMBEDDING);
    double[] ascending = ascending(thresholds);
    Row one = sizes(first).selectExpr("sum(all)", "sum(embedded)").first();
    Row other = sizes(second).selectExpr("sum(all)", "sum(embedded)").first();
    Row both =
        sizes(first)
            .as("a")
            .join(sizes(second).as("b"), PERSON)
            .selectExpr("sum(a.all * b.all)")
            .first();
    int rows = blocks(longAt(one, 1), facesABlock);
    int columns = blocks(longAt(other, 1), facesABlock);
    ThresholdCounts made =
        counts(
            meetBetween(
                samples(first, false), rows, samples(second, true), columns, counting(ascending)),
            ascending);
    long mated = longAt(both, 0);
    return made.withFailures(
        mated - made.matedTrials(),
        longAt(one, 0) * longAt(other, 0) - mated - made.nonMatedTrials());
  }

  /**
   * Links each face with the {@value FaceGraph#NEIGHBORS} faces that are most like it.
   *
   * @param faces rows with {@code id}, a long that is no other row's, and {@code embedding}, by
   *     {@link FaceEmbedding#toBytes}; rows without one are left out
   * @param threshold the least similarity of a link, in (0, 1]
   * @return rows of {@code first}, {@code second} and {@code similarity}, for {@link
   *     FaceGraph.Builder#link}; where two faces are each among the nearest of the other, the link
   *     stands there twice, once from each
   * @throws IllegalArgumentException if a column is missing, or the threshold is outside
   */
  public static Dataset<Row> neighbors(Dataset<Row> faces, double threshold) {
    return neighbors(faces, FACES_A_BLOCK, threshold);
  }

  static Dataset<Row> neighbors(Dataset<Row> faces, int facesABlock, double threshold) {
    requireColumns(faces, ID, FaceColumns.EMBEDDING);
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "expected a threshold in (0, 1], a raw cosine, found " + threshold);
    }
    Dataset<Row> embedded = faces.where(functions.col(FaceColumns.EMBEDDING).isNotNull());
    int blocks = blocks(embedded.count(), facesABlock);
    JavaRDD<Sample> samples =
        embedded
            .select(ID, FaceColumns.EMBEDDING)
            .javaRDD()
            .map(row -> new Sample(row.getLong(0), "", row.getAs(1), false));
    JavaRDD<Row> links =
        meetWithin(samples, blocks, (first, second) -> links(first, second, threshold))
            .flatMapToPair(List::iterator)
            .reduceByKey(Links::merge)
            .flatMap(face -> face._2().rows(face._1()).iterator());
    return faces.sparkSession().createDataFrame(links, LINKS);
  }

  private static void requireColumns(Dataset<Row> rows, String... names) {
    List<String> columns = Arrays.asList(rows.columns());
    if (!columns.containsAll(List.of(names))) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected the columns %s, found %s", List.of(names), columns));
    }
  }

  /** Each once, or refused, as where counts are made in one JVM. */
  private static double[] ascending(double[] thresholds) {
    return ThresholdCounts.within(List.of(), thresholds).thresholds();
  }

  /** For each person how many samples there are, and how many of them have an embedding. */
  private static Dataset<Row> sizes(Dataset<Row> samples) {
    return samples
        .groupBy(PERSON)
        .agg(
            functions.count(functions.lit(1)).as("all"),
            functions.count(FaceColumns.EMBEDDING).as("embedded"));
  }

  /** Of no rows a sum is null. */
  private static long longAt(Row row, int column) {
    return row.isNullAt(column) ? 0 : row.getLong(column);
  }

  private static int blocks(long faces, int facesABlock) {
    return Math.toIntExact(Math.max(1, (faces + facesABlock - 1) / facesABlock));
  }

  private static JavaRDD<Sample> samples(Dataset<Row> rows, boolean isSecond) {
    return rows.where(functions.col(FaceColumns.EMBEDDING).isNotNull())
        .select(PERSON, FaceColumns.EMBEDDING)
        .javaRDD()
        .map(row -> new Sample(0, row.getString(0), row.getAs(1), isSecond));
  }

  private static <T> JavaRDD<T> meetWithin(
      JavaRDD<Sample> samples, int blocks, Meeting<T> meeting) {
    JavaPairRDD<Long, Sample> placed =
        samples.flatMapToPair(
            sample -> {
              int block = sample.block(blocks);
              return meetings(
                  blocks,
                  other -> {
                    long low = Math.min(block, other);
                    long high = Math.max(block, other);
                    long pair = high * (high + 1) / 2 + low;
                    return new Tuple2<>(pair, sample.onSide(other < block));
                  });
            });
    return met(placed, blocks * (blocks + 1L) / 2, true, meeting);
  }

  private static <T> JavaRDD<T> meetBetween(
      JavaRDD<Sample> first, int rows, JavaRDD<Sample> second, int columns, Meeting<T> meeting) {
    JavaPairRDD<Long, Sample> placed =
        first
            .union(second)
            .flatMapToPair(
                sample -> {
                  long block = sample.block(sample.isSecond() ? columns : rows);
                  return sample.isSecond()
                      ? meetings(rows, row -> new Tuple2<>(row * columns + block, sample))
                      : meetings(columns, column -> new Tuple2<>(block * columns + column, sample));
                });
    return met(placed, (long) rows * columns, false, meeting);
  }

  private static Iterator<Tuple2<Long, Sample>> meetings(
      int others, LongFunction<Tuple2<Long, Sample>> meeting) {
    return LongStream.range(0, others).mapToObj(meeting).iterator();
  }

  /** Brings the two sides of each pair together. */
  private static <T> JavaRDD<T> met(
      JavaPairRDD<Long, Sample> placed, long pairs, boolean isWithin, Meeting<T> meeting) {
    return placed
        .groupByKey(new HashPartitioner((int) Math.min(pairs, MOST_TASKS)))
        .map(
            pair -> {
              List<Sample> first = new ArrayList<>();
              List<Sample> second = new ArrayList<>();
              pair._2().forEach(sample -> (sample.isSecond() ? second : first).add(sample));
              return meeting.of(first, isWithin && isWithItself(pair._1()) ? first : second);
            });
  }

  /** Whether {@code pair = high (high + 1) / 2 + low} with {@code low = high}. */
  private static boolean isWithItself(long pair) {
    long high = Math.round((Math.sqrt(8.0 * pair + 9) - 3) / 2);
    return high * (high + 3) / 2 == pair;
  }

  /** Mated and non-mated pairs that reach each threshold, then all of both, in one array. */
  private static Meeting<long[]> counting(double[] thresholds) {
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

  /** The neighbors of the faces of both sides on the other one. */
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

  /** Of one similarity the lower id comes first. */
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
