// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ListingTest {
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
  void register() {
    SyntheticFileSystem.register(spark);
  }

  private Path file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, name.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the problems by the path, which is relative to the test's folder; null is "". */
  private TreeMap<String, String> listed(Object... folders) {
    String[] names = new String[folders.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = folders[i].toString();
    }
    TreeMap<String, String> problems = new TreeMap<>();
    for (Row row : SparkFaces.list(spark, names).collectAsList()) {
      String path = row.getString(0).replace("file:" + folder + "/", "");
      String problem = row.isNullAt(3) ? "" : row.getString(3);
      assertThat(problems.put(path, problem)).as(path).isNull();
      assertThat(row.isNullAt(1)).isEqualTo(!problem.isEmpty());
      assertThat(row.isNullAt(2)).isEqualTo(!problem.isEmpty());
    }
    return problems;
  }

  @Test
  void list_hasSchemaTimeAndLength() throws Exception {
    Path file = file("a/1.jpg");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_123L));

    Dataset<Row> files = SparkFaces.list(spark, folder.toString());

    assertThat(files.schema().simpleString())
        .isEqualTo("struct<path:string,modificationTime:timestamp,length:bigint,problem:string>");
    Row row = files.first();
    assertThat(row.getString(0)).isEqualTo("file:" + file);
    assertThat(row.getTimestamp(1).getTime()).isEqualTo(1_700_000_000_123L);
    assertThat(row.getLong(2)).isEqualTo(7);
  }

  /** One task lists a folder, but many find faces. */
  @Test
  void list_ofOneFolder_isWorkForAllProcessors() throws Exception {
    for (int number = 0; number < 100; number++) {
      file(number + ".jpg");
    }

    assertThat(SparkFaces.list(spark, folder.toString()).toJavaRDD().getNumPartitions())
        .isEqualTo(6);
    Path list = folder.resolve("list");
    Files.write(
        list,
        SparkFaces.list(spark, "" + folder).select("path").as(Encoders.STRING()).collectAsList());
    assertThat(SparkFaces.readList(spark, list.toString()).toJavaRDD().getNumPartitions())
        .isEqualTo(6);
  }

  @Test
  void list_ofAnyName_leadsBackToTheFile() throws Exception {
    List<String> names =
        List.of("12:30.jpg", "a b.jpg", "100%25.jpg", "#1?.jpg", "line\nbreak.jpg", "back\\slash");
    List<String> more =
        List.of(
            "[a]{b,c}*.jpg", "\uD83D\uDE00 張偉 é.jpg", " blank ", "~", "-", "a:b/c:d.jpg", "%E9");
    List<String> all = new ArrayList<>(names);
    all.addAll(more);
    for (String name : all) {
      file(name);
    }

    assertThat(listed(folder).keySet()).containsExactlyInAnyOrderElementsOf(all);
    RawLocalFileSystem system = new RawLocalFileSystem();
    system.initialize(URI.create("file:///"), spark.sparkContext().hadoopConfiguration());
    for (Row row : SparkFaces.list(spark, folder.toString()).collectAsList()) {
      org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(row.getString(0));
      assertThat(path.toString()).isEqualTo(row.getString(0));
      try (var content = system.open(path)) {
        String name = new String(content.readAllBytes(), StandardCharsets.UTF_8);
        assertThat(row.getString(0)).isEqualTo("file:" + folder + "/" + name);
      }
    }
  }

  @Test
  void list_ofLinks_hasEachFileOnceUnderItsOwnPath() throws Exception {
    file("in/a/1.jpg");
    file("in/.store/2.jpg");
    file("out/3.jpg");
    file("out/deep/4.jpg");
    Path in = folder.resolve("in");
    Files.createSymbolicLink(in.resolve("0 same.jpg"), in.resolve("a/1.jpg"));
    Files.createSymbolicLink(in.resolve("0 same"), in.resolve("a"));
    Files.createSymbolicLink(in.resolve("hidden.jpg"), Path.of(".store/2.jpg"));
    Files.createSymbolicLink(in.resolve("more.jpg"), in.resolve("hidden.jpg"));
    Files.createSymbolicLink(in.resolve("x"), folder.resolve("out"));
    Files.createSymbolicLink(in.resolve("y"), folder.resolve("out/deep"));
    Files.createSymbolicLink(in.resolve("z.jpg"), folder.resolve("out/3.jpg"));

    TreeMap<String, String> listed = listed(in);

    assertThat(listed.values()).containsOnly("");
    assertThat(listed.keySet())
        .hasSize(4)
        .contains("in/a/1.jpg", "in/hidden.jpg")
        .containsAnyOf("in/x/3.jpg", "in/z.jpg")
        .containsAnyOf("in/x/deep/4.jpg", "in/y/4.jpg");
    Path link = Files.createSymbolicLink(folder.resolve("link"), in);
    assertThat(listed(link).keySet()).hasSize(4).contains("link/a/1.jpg");
    assertThat(listed(link, in).keySet()).hasSize(4);
    assertThat(listed(in, folder.resolve("out")).keySet())
        .containsExactly("in/a/1.jpg", "in/hidden.jpg", "out/3.jpg", "out/deep/4.jpg");
  }

  @Test
  void list_ofLoops_ends() throws Exception {
    file("in/a/1.jpg");
    file("t1/2.jpg");
    file("t2/3.jpg");
    Path in = folder.resolve("in");
    Files.createSymbolicLink(in.resolve("a/up"), in);
    Files.createSymbolicLink(in.resolve("a/here"), in.resolve("a"));
    Files.createSymbolicLink(in.resolve("self"), Path.of("self"));
    Files.createSymbolicLink(in.resolve("t1"), folder.resolve("t1"));
    for (String[] link : new String[][] {{"t1", "t2"}, {"t2", "t1"}, {"t2", "in"}, {"t1", "in"}}) {
      Files.createSymbolicLink(folder.resolve(link[0] + "/to " + link[1]), folder.resolve(link[1]));
    }

    assertThat(listed(in))
        .containsOnlyKeys("in/a/1.jpg", "in/self", "in/t1/2.jpg", "in/t1/to t2/3.jpg")
        .containsEntry(
            "in/self", "it is a link that cannot be followed: its links lead in a circle");
  }

  @Test
  void list_ofWhatIsNoFile_saysSoOrLeavesItOut() throws Exception {
    file("1.jpg");
    file(".hidden/2.jpg");
    file("_temporary/3.jpg");
    Files.createSymbolicLink(folder.resolve("dangling.jpg"), folder.resolve("none"));
    Files.createSymbolicLink(folder.resolve("null.jpg"), Path.of("/dev/null"));
    assertThat(new ProcessBuilder("mkfifo", folder + "/pipe.jpg").start().waitFor()).isZero();

    assertThat(listed(folder))
        .containsOnlyKeys("1.jpg", "dangling.jpg")
        .containsEntry("dangling.jpg", "it is a link to a file or folder that does not exist");
    assertThatThrownBy(() -> SparkFaces.list(spark, folder + "/pipe.jpg"))
        .isInstanceOf(FaceException.class)
        .hasMessageEndingWith("could not be listed: it is a pipe or a device");
  }

  @Test
  void list_ofOverlappingFoldersAndFiles_hasEachFileOnce() throws Exception {
    file("a/b/1.jpg");
    file("a/2.jpg");

    assertThat(
            listed(
                folder.resolve("a"),
                folder.resolve("a/b"),
                folder.resolve("a/b/1.jpg"),
                folder.resolve("a") + "/",
                folder + "/a/../a"))
        .containsOnlyKeys("a/b/1.jpg", "a/2.jpg");
    assertThat(listed(folder.resolve("a/2.jpg"))).containsOnlyKeys("a/2.jpg");
    assertThat(listed("synthetic:///2x3", "synthetic:///2x3/d1", "synthetic:///2x3/d1/f1"))
        .hasSize(6)
        .containsKey("synthetic:/2x3/d1/f1");
  }

  @Test
  void list_ofManyFolders_hasAllOfEachShape() {
    for (String shape : List.of("50x20x10", "30000x1", "40000", "1x1x1x1x1x30000")) {
      int expected = shape.equals("40000") ? 40_000 : shape.equals("50x20x10") ? 10_000 : 30_000;
      Dataset<Row> files = SparkFaces.list(spark, "synthetic:///" + shape);
      assertThat(files.count()).as(shape).isEqualTo(expected);
      assertThat(files.distinct().count()).as(shape).isEqualTo(expected);
    }
    assertThat(SparkFaces.list(spark, "synthetic:///deep600").count()).isEqualTo(600);
  }

  /** As with the loss of executors. */
  @Test
  void list_thatIsNoLongerKept_isListedAgain() {
    Dataset<Row> files = SparkFaces.list(spark, "synthetic:///3000x5");
    int before = SyntheticFileSystem.listings("/3000x5/d2999");
    JavaSparkContext.fromSparkContext(spark.sparkContext())
        .getPersistentRDDs()
        .values()
        .forEach(rows -> rows.unpersist(true));

    assertThat(files.distinct().count()).isEqualTo(15_000);
    assertThat(files.count()).isEqualTo(15_000);
    assertThat(SyntheticFileSystem.listings("/3000x5/d2999")).isGreaterThan(before);
  }

  @Test
  void list_ofAStorageThatFailsOnce_isComplete() {
    SyntheticFileSystem.fail("/5x10/d1", 1, 0, new IOException("reset"));
    SyntheticFileSystem.fail("/5x10/d2", 2, 5, new IOException("reset"));
    SyntheticFileSystem.fail("/5x10/d3", 1, 3, new IllegalStateException("client closed"));

    assertThat(listed("synthetic:///5x10")).hasSize(50).doesNotContainValue("reset");
  }

  @Test
  void list_ofAFolderThatFails_namesItAndContinues() {
    SyntheticFileSystem.fail("/4x10/d1", 9, 0, new IOException("java.io.IOException: reset"));
    SyntheticFileSystem.fail("/4x10/d2", 9, 0, new FileNotFoundException("/4x10/d2 (gone)"));
    SyntheticFileSystem.fail("/4x10/d3", 9, 0, new IllegalArgumentException("a:b"));

    TreeMap<String, String> listed = listed("synthetic:///4x10");

    assertThat(listed)
        .hasSize(13)
        .containsEntry("synthetic:/4x10/d1", "the folder could not be listed: reset")
        .containsEntry("synthetic:/4x10/d2", "the folder could not be listed: gone")
        .containsEntry("synthetic:/4x10/d3", "the folder could not be listed: a:b");
    assertThat(SyntheticFileSystem.listings("/4x10/d1")).isEqualTo(3);
    assertThat(SyntheticFileSystem.listings("/4x10/d2")).isEqualTo(1);
  }

  /** Waiting for each of them would take 17 minutes. */
  @Test
  void list_ofAStorageThatIsDown_doesNotWaitForEachFolder() {
    for (int number = 0; number < 200; number++) {
      SyntheticFileSystem.fail("/200x10/d" + number, 9, 0, new IOException("down"));
    }
    long start = System.nanoTime();

    assertThat(SparkFaces.list(spark, "synthetic:///200x10").where("problem is not null").count())
        .isEqualTo(200);

    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(115);
  }

  @Test
  void list_ofLinksAndStrangeNamesOnAStorage_namesThem() {
    assertThat(listed("synthetic:///odd3"))
        .containsOnlyKeys("synthetic:/odd3/f0", "synthetic:/odd3/f1", "synthetic:/odd3/f/a.jpg")
        .containsEntry("synthetic:/odd3/f0", "")
        .containsEntry(
            "synthetic:/odd3/f1",
            "it is a link, which is followed in local folders only: list its target")
        .containsEntry(
            "synthetic:/odd3/f/a.jpg", "its name cannot be written as a path of Hadoop: rename it");
  }

  /** Longer paths than the system allows. */
  @Test
  void list_ofFoldersThatAreTooDeep_namesTheFirst() throws Exception {
    String name = "d".repeat(250);
    String script =
        "for i in $(seq 20); do touch f && mkdir %1$s && cd -P %1$s; done".formatted(name);
    bash(script);
    try {
      TreeMap<String, String> listed = listed(folder);
      assertThat(listed).containsEntry("f", "").containsEntry(name + "/f", "");
      assertThat(listed.values().stream().filter(problem -> !problem.isEmpty()).toList())
          .isNotEmpty()
          .allMatch(problem -> problem.endsWith("the name is too long"));
    } finally {
      bash("rm -rf d*");
    }
  }

  private void bash(String script) throws Exception {
    Process process = new ProcessBuilder("bash", "-c", script).directory(folder.toFile()).start();
    assertThat(process.waitFor()).isZero();
  }

  @Test
  void list_ofAnUnreadableFolder_namesIt() throws Exception {
    file("a/1.jpg");
    Path closed = file("closed/2.jpg").getParent();
    Files.setPosixFilePermissions(closed, Set.of());
    try {
      Assumptions.assumeFalse(Files.isReadable(closed), "the user may read everything");
      assertThat(listed(folder))
          .containsOnlyKeys("a/1.jpg", "closed")
          .containsEntry("closed", "the folder could not be listed: access is denied");
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void list_ofARootThatFailsOnce_isComplete() {
    SyntheticFileSystem.fail("/2x2", 1, 0, new IOException("reset"));

    assertThat(listed("synthetic:///2x2")).hasSize(4);
  }

  /** Failures that look like answers of the storage, but are about the machine or the network. */
  @Test
  void list_ofARootThatSeemsToBeMissingOnce_isComplete() {
    for (Exception failure :
        List.of(
            new FileNotFoundException("/2x2 (Too many open files)"),
            new IllegalArgumentException(new UnknownHostException("namenode")))) {
      SyntheticFileSystem.fail("/2x2", 1, 0, failure);

      assertThat(listed("synthetic:///2x2")).hasSize(4);
    }
  }

  @Test
  void list_ofARootThatFails_isRefused() {
    SyntheticFileSystem.fail("/2x2", 9, 0, new IOException("java.net.SocketException: reset"));

    assertThatThrownBy(() -> SparkFaces.list(spark, "synthetic:///2x2"))
        .isInstanceOf(FaceException.class)
        .hasMessage("the folder of images synthetic:///2x2 could not be listed: reset");
  }

  @Test
  void list_ofARootThatIsMissing_failsBeforeAnythingIsWritten() {
    Path target = folder.resolve("target");
    for (String root : List.of(folder + "/none", "synthetic:///none", "nosuchscheme:///a", "a:b")) {
      assertThatThrownBy(
              () -> Listing.write(spark, List.of(folder.toString(), root), target.toString()))
          .isInstanceOf(FaceException.class)
          .hasMessageStartingWith("the folder of images %s could not be listed: ", root)
          .hasMessageNotContaining("Exception");
    }
    assertThat(target).doesNotExist();
    assertThatThrownBy(() -> SparkFaces.list(spark, folder + "/none"))
        .hasMessageEndingWith(": it does not exist");
  }

  @Test
  void write_isReadBack_andOnlyTheTargetIsWritten() throws Exception {
    file("in/[x]/1.jpg");
    file("in/2.jpg");
    Path target = folder.resolve("_omote/list [1]*");

    Dataset<Row> written =
        Listing.write(
            spark, List.of(folder.resolve("in").toString(), "synthetic:///300x100"), "" + target);

    assertThat(written.schema()).isEqualTo(SparkFaces.list(spark, "" + folder).schema());
    assertThat(written.count()).isEqualTo(30_002);
    assertThat(
            written
                .select("path")
                .where("path like 'file:%'")
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactlyInAnyOrder(
            "file:" + folder + "/in/[x]/1.jpg", "file:" + folder + "/in/2.jpg");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("in", "_omote");
  }

  @Test
  void list_ofAnEmptyFolder_isEmpty() {
    assertThat(SparkFaces.list(spark, folder.toString()).count()).isZero();
    assertThat(SparkFaces.list(spark).count()).isZero();
  }
}
