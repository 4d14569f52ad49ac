// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceException;
import io.omote.face.internal.files.FileFailure;
import io.omote.face.internal.files.FileNames;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.util.SerializableConfiguration;

/** Reads lists of images: Parquet, or text with a path per line. Stateless and thread-safe. */
final class ImageList {
  /** The first and last bytes of a Parquet file. */
  private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /** Enough to see that a file is not text. */
  private static final int PREFIX = 4096;

  /** A scheme has several letters; a name in Windows with one is that of a drive. */
  private static final Pattern ADDRESS =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*", Pattern.DOTALL);

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** The error of Spark for a folder without Parquet. */
  private static final String NO_SCHEMA = "UNABLE_TO_INFER_SCHEMA";

  private static final String LOOKUP = "omote_lookup";

  private ImageList() {}

  /** See {@link SparkFaces#readList}. */
  static Dataset<Row> read(SparkSession spark, String file) {
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    Path list;
    boolean isParquet;
    try {
      Path path = new Path(file);
      FileSystem system = path.getFileSystem(configuration);
      list = system.makeQualified(path);
      isParquet = isParquet(system, list);
    } catch (FileNotFoundException e) {
      throw problem(file, FileNames.loss(file).orElse("it does not exist"), e);
    } catch (IOException | RuntimeException e) { // connectors to storages throw both
      throw problem(file, FileNames.loss(file).orElse(Storage.reason(e)), e);
    }
    Dataset<Row> rows;
    long count;
    try {
      String literal = Storage.literal(list);
      rows =
          isParquet
              ? parquet(spark.read().parquet(literal), file)
              : text(spark.read().option("lineSep", "\n").text(literal), list);
      count = count(rows, file);
    } catch (FaceException | IllegalArgumentException e) {
      throw e;
    } catch (Exception e) { // Spark declares no exception, and throws checked ones
      Throwable root = Storage.root(e);
      boolean isEmpty = String.valueOf(root.getMessage()).contains(NO_SCHEMA);
      throw problem(
          file,
          isEmpty ? "expected Parquet files in the folder, found none" : FileFailure.reason(root),
          e);
    }
    return lookedUp(
        Listing.distributed(rows, count).dropDuplicates(new String[] {FaceColumns.PATH}),
        new FileLookup(new SerializableConfiguration(configuration)));
  }

  private static FaceException problem(String file, String problem, Throwable cause) {
    return new FaceException(
        String.format(Locale.ROOT, "the list of images %s could not be read: %s", file, problem),
        cause);
  }

  private static boolean isParquet(FileSystem system, Path list) throws IOException {
    if (system.getFileStatus(list).isDirectory()) {
      return true;
    }
    if (FolderEntries.isHidden(list.getName()) || list.getName().indexOf(':') >= 0) {
      throw new IOException(
          "Spark cannot read a file whose name starts with . or _ or has a colon: rename it");
    }
    byte[] start;
    try (InputStream content = system.open(list)) {
      start = content.readNBytes(PREFIX);
    }
    boolean isParquet = Arrays.equals(Arrays.copyOf(start, PARQUET.length), PARQUET);
    boolean isCompressed = new CompressionCodecFactory(system.getConf()).getCodec(list) != null;
    if (!isParquet
        && !isCompressed
        && new String(start, StandardCharsets.ISO_8859_1).indexOf(0) >= 0) {
      throw new IOException("expected Parquet, or text in UTF-8 with a path in each line");
    }
    return isParquet;
  }

  /** Returns the paths in a text, absolute and each in one form. */
  private static Dataset<Row> text(Dataset<Row> lines, Path list) {
    URI uri = list.toUri();
    String storage =
        uri.getScheme() + ":" + (uri.getAuthority() == null ? "" : "//" + uri.getAuthority());
    String folder = list.getParent().toString();
    UserDefinedFunction absolute =
        functions.udf(
            (UDF1<String, String>) line -> absolute(line, storage, folder), DataTypes.StringType);
    Column line =
        functions.regexp_replace(functions.col("value"), "^" + BYTE_ORDER_MARK + "|\\r\\z", "");
    return lines
        .select(line.as("line"))
        .where("trim(line) != ''")
        .select(absolute.apply(functions.col("line")).as(FaceColumns.PATH));
  }

  private static String absolute(String line, String storage, String folder) {
    String path;
    if (ADDRESS.matcher(line).matches()) {
      path = line;
    } else if (line.startsWith("/")) {
      path = storage + line;
    } else {
      path = folder + "/" + line;
    }
    try {
      return new Path(path).toString();
    } catch (IllegalArgumentException e) {
      return path; // reading it reports the problem
    }
  }

  private static Dataset<Row> parquet(Dataset<Row> rows, String file) {
    requireType(rows, file, FaceColumns.PATH, true, DataTypes.StringType);
    requireType(rows, file, FaceColumns.MODIFIED, false, DataTypes.TimestampType);
    requireType(
        rows,
        file,
        FaceColumns.LENGTH,
        false,
        DataTypes.LongType,
        DataTypes.IntegerType,
        DataTypes.ShortType);
    requireType(rows, file, FaceColumns.PROBLEM, false, DataTypes.StringType);
    return rows;
  }

  private static void requireType(
      Dataset<Row> rows, String file, String column, boolean isRequired, DataType... types) {
    Optional<DataType> found =
        Arrays.stream(rows.schema().fields())
            .filter(field -> field.name().equals(column))
            .map(StructField::dataType)
            .findFirst();
    if (found.isEmpty() && !isRequired || found.filter(Set.of(types)::contains).isPresent()) {
      return;
    }
    throw new FaceException(
        String.format(
            Locale.ROOT,
            "the list of images %s could not be read: expected a column %s of type %s, found %s",
            file,
            column,
            types[0].simpleString(),
            found.map(DataType::simpleString).orElse("columns " + List.of(rows.columns()))));
  }

  /** Returns the number of rows, each of which must have a path. */
  private static long count(Dataset<Row> rows, String file) {
    Row counts =
        rows.agg(functions.count(functions.lit(1)), functions.count(FaceColumns.PATH)).first();
    long missing = counts.getLong(0) - counts.getLong(1);
    if (counts.getLong(0) == 0 || missing > 0) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "the list of images %s could not be read: expected a path in each row, found %s",
              file,
              missing > 0 ? missing + " rows without one" : "no rows"));
    }
    return counts.getLong(0);
  }

  /** Completes rows that lack the time or the length, or that could not be read when listed. */
  private static Dataset<Row> lookedUp(Dataset<Row> rows, FileLookup lookup) {
    String lookedUp = FaceColumns.free(LOOKUP, rows.columns());
    Column modified = given(rows, FaceColumns.MODIFIED, DataTypes.TimestampType);
    Column length = given(rows, FaceColumns.LENGTH, DataTypes.LongType);
    Column problem = given(rows, FaceColumns.PROBLEM, DataTypes.StringType);
    UserDefinedFunction lookUp =
        functions.udf(lookup, FileLookup.RESULT).asNondeterministic(); // once for each row
    Column isComplete = modified.isNotNull().and(length.isNotNull()).and(problem.isNull());
    Column foundModified =
        functions.expr(
            String.format(Locale.ROOT, "timestamp_millis(%s.%s)", lookedUp, ListingRows.MODIFIED));
    Column foundLength = functions.col(lookedUp + "." + ListingRows.LENGTH);
    Column isNew = problem.isNotNull().and(foundLength.isNotNull());
    List<Column> columns = new ArrayList<>();
    columns.add(rows.col(FaceColumns.PATH));
    columns.add(chosen(isNew, foundModified, modified).as(FaceColumns.MODIFIED));
    columns.add(chosen(isNew, foundLength, length).as(FaceColumns.LENGTH));
    columns.add(
        functions
            .when(
                foundLength.isNull(),
                functions.coalesce(problem, functions.col(lookedUp + "." + ListingRows.PROBLEM)))
            .as(FaceColumns.PROBLEM));
    List<String> ours = List.of(FaceColumns.LISTED.fieldNames());
    for (String name : rows.columns()) {
      if (!ours.contains(name)) {
        columns.add(rows.col("`" + name.replace("`", "``") + "`"));
      }
    }
    return rows.withColumn(
            lookedUp,
            functions
                .when(isComplete, functions.lit(null))
                .otherwise(lookUp.apply(rows.col(FaceColumns.PATH))))
        .select(columns.toArray(Column[]::new));
  }

  private static Column given(Dataset<Row> rows, String column, DataType type) {
    boolean isThere = List.of(rows.columns()).contains(column);
    return (isThere ? rows.col(column) : functions.lit(null)).cast(type);
  }

  private static Column chosen(Column isNew, Column found, Column given) {
    return functions.when(isNew, found).otherwise(functions.coalesce(given, found));
  }
}
