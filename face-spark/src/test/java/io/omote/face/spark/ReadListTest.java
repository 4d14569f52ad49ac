// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadListTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void files() throws IOException {
    SyntheticFileSystem.register(spark);
    Files.writeString(folder.resolve("a b.jpg"), "12345");
    Files.createDirectories(folder.resolve("in"));
    Files.writeString(folder.resolve("in/12:30.jpg"), "1");
  }

  /** Returns the rows by path, relative to the test's folder. */
  private Map<String, Row> rows(Dataset<Row> list) {
    return list.collectAsList().stream()
        .collect(
            Collectors.toMap(
                row -> row.getString(0).replace("file:" + folder + "/", ""), Function.identity()));
  }

  private Path text(String text) throws IOException {
    return Files.writeString(folder.resolve("list"), text);
  }

  private Path parquet(String... columns) {
    Path file = folder.resolve("list [1].parquet");
    spark
        .range(1)
        .coalesce(1)
        .selectExpr(columns)
        .write()
        .mode("overwrite")
        .parquet(file.toString());
    return file;
  }

  private String path(String name) {
    return "'" + folder + "/" + name + "' as path";
  }

  private static void assertProblem(Row row, String problem) {
    assertThat(row.getString(3)).isEqualTo(problem);
    assertThat(row.isNullAt(1)).isTrue();
    assertThat(row.isNullAt(2)).isTrue();
  }

  @Test
  void text_withAllKindsOfLines_hasEachFileOnce() throws Exception {
    Path list =
        text(
            "\uFEFFa b.jpg\r\n\n"
                + folder
                + "/a b.jpg\r\n  \nin/12:30.jpg\n./in//12:30.jpg\nfile:"
                + folder
                + "/in/12:30.jpg\nin/none.jpg\nin\nsynthetic:///1/f3\nnosuch://host/1.jpg");

    Dataset<Row> images = SparkFaces.readList(spark, list.toString());

    assertThat(images.schema()).isEqualTo(SparkFaces.list(spark, folder + "/in").schema());
    Map<String, Row> rows = rows(images);
    assertThat(rows)
        .containsOnlyKeys(
            "a b.jpg",
            "in/12:30.jpg",
            "in/none.jpg",
            "in",
            "synthetic:/1/f3",
            "nosuch://host/1.jpg");
    assertThat(rows.get("a b.jpg").getLong(2)).isEqualTo(5);
    assertThat(rows.get("a b.jpg").getTimestamp(1).getTime())
        .isEqualTo(Files.getLastModifiedTime(folder.resolve("a b.jpg")).toMillis());
    assertThat(rows.get("in/12:30.jpg").getLong(2)).isEqualTo(1);
    assertThat(rows.get("synthetic:/1/f3").getLong(2)).isEqualTo(7);
    assertThat(rows.get("a b.jpg").isNullAt(3)).isTrue();
    assertProblem(rows.get("in/none.jpg"), "it does not exist");
    assertProblem(rows.get("in"), "expected a file, found a folder: list it instead");
    assertThat(rows.get("nosuch://host/1.jpg").getString(3)).contains("nosuch");
  }

  @Test
  void text_ofAStorageThatFailsOnce_isComplete() throws Exception {
    SyntheticFileSystem.fail("status of /9/f1", 1, 0, new IOException("reset"));
    SyntheticFileSystem.fail("status of /9/f2", 9, 0, new IOException("reset"));
    SyntheticFileSystem.fail("status of /9/f3", 9, 0, new FileNotFoundException("f (denied)"));
    Path list = text("synthetic:///9/f1\nsynthetic:///9/f2\nsynthetic:///9/f3");

    Map<String, Row> rows = rows(SparkFaces.readList(spark, list.toString()));

    assertThat(rows.get("synthetic:/9/f1").isNullAt(3)).isTrue();
    assertProblem(rows.get("synthetic:/9/f2"), "reset");
    assertProblem(rows.get("synthetic:/9/f3"), "denied");
  }

  @Test
  void parquet_keepsWhatItHas_andLooksUpTheRest() throws Exception {
    Path list =
        parquet(
            path("a b.jpg"),
            "array(map('a', 1)) as `own.1`",
            "cast(99 as int) as length",
            "timestamp_millis(5) as modificationTime",
            "X'00' as content");

    Dataset<Row> images = SparkFaces.readList(spark, list.toString());

    assertThat(images.columns())
        .containsExactly("path", "modificationTime", "length", "problem", "own.1", "content");
    Row row = images.first();
    assertThat(row.getString(0)).isEqualTo(folder + "/a b.jpg");
    assertThat(row.getTimestamp(1).getTime()).isEqualTo(5);
    assertThat(row.getLong(2)).isEqualTo(99);
    assertThat(row.isNullAt(3)).isTrue();
    assertThat(row.getList(4)).hasSize(1);

    row = SparkFaces.readList(spark, parquet(path("a b.jpg"), "99L as length") + "").first();
    assertThat(row.getTimestamp(1).getTime()).isGreaterThan(5);
    assertThat(row.getLong(2)).isEqualTo(99);
  }

  /** A list of what could not be read is tried again. */
  @Test
  void parquet_withProblems_looksThemUpAgain() {
    String[] others = {
      "'UNREADABLE: reset' as problem", "1L as length", "timestamp_millis(5) as modificationTime"
    };
    Row found =
        SparkFaces.readList(spark, parquet(path("a b.jpg"), others[0], others[1], others[2]) + "")
            .first();
    assertThat(found.getLong(2)).isEqualTo(5);
    assertThat(found.getTimestamp(1).getTime()).isGreaterThan(5);
    assertThat(found.isNullAt(3)).isTrue();

    Row missing =
        SparkFaces.readList(spark, parquet(path("none"), others[0], others[1], others[2]) + "")
            .first();
    assertThat(missing.getString(3)).isEqualTo("UNREADABLE: reset");
  }

  /** The status of such a path is that of the search for faces. */
  @Test
  void parquet_withAPathThatHadoopRefuses_keepsIt() {
    Row row = SparkFaces.readList(spark, parquet("'12:30.jpg' as path").toString()).first();

    assertThat(row.getString(0)).isEqualTo("12:30.jpg");
    assertThat(row.isNullAt(1) && row.isNullAt(2) && row.isNullAt(3)).isTrue();
  }

  @Test
  void singleParquetFile_isToldByItsContent() throws Exception {
    Path file;
    try (Stream<Path> files = Files.list(parquet(path("a b.jpg")))) {
      file = files.filter(name -> name.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    Path list = Files.copy(file, folder.resolve("images.txt"));

    assertThat(rows(SparkFaces.readList(spark, list.toString()))).hasSize(1);
  }

  @Test
  void listThatIsWrong_isRefusedInWords() throws Exception {
    Path binary = Files.write(folder.resolve("a.jpg"), new byte[100]);
    Path utf16 = Files.write(folder.resolve("b"), "a\n".getBytes(StandardCharsets.UTF_16));
    Path cut = Files.writeString(folder.resolve("c"), "PAR1 and no more of it");
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path colon = Files.writeString(folder.resolve("d:1"), "a b.jpg\n");
    Path hidden = Files.writeString(folder.resolve("_list"), "a b.jpg\n");
    for (String list :
        List.of(
            folder + "/none",
            "nosuchscheme:///list",
            "",
            binary + "",
            utf16 + "",
            cut + "",
            empty + "",
            colon + "",
            hidden + "")) {
      assertThatThrownBy(() -> SparkFaces.readList(spark, list))
          .isInstanceOf(FaceException.class)
          .hasMessageStartingWith("the list of images %s could not be read: ", list)
          .hasMessageNotContaining("Exception");
    }
    refused(empty, "expected Parquet files in the folder, found none");
    refused(folder.resolve("none"), "it does not exist");
    refused("\n \r\n", "expected a path in each row, found no rows");
    refused(parquet("1 as id"), "expected a column path of type string, found columns [id]");
    refused(parquet("1 as path"), "expected a column path of type string, found int");
    refused(
        parquet("'a' as path", "'2026' as modificationTime"),
        "expected a column modificationTime of type timestamp, found string");
    refused(
        parquet("'a' as path", "'5' as length"),
        "expected a column length of type bigint, found string");
    refused(
        parquet("cast(null as string) as path"),
        "expected a path in each row, found 1 rows without one");
  }

  private void refused(Object list, String problem) throws IOException {
    Object file = list instanceof String lines ? text(lines) : list;
    assertThatThrownBy(() -> SparkFaces.readList(spark, file.toString()))
        .isInstanceOf(FaceException.class)
        .hasMessage("the list of images %s could not be read: %s", file, problem);
  }
}
