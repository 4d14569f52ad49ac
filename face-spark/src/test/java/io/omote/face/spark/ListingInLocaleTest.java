// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Listings where Java cannot decode each name. */
@EnabledOnOs(OS.LINUX)
class ListingInLocaleTest {
  private static final String UNKNOWN = "the name cannot be read in this locale: ";
  private static final String SET_LOCALE = UNKNOWN + "set LC_ALL=C.UTF-8";
  private static final String NOT_UTF8 =
      UNKNOWN + "it is not UTF-8, rename it or set LC_ALL to a locale of its encoding";

  @TempDir private Path folder;

  /** Runs in the other locale: prints path and problem of each row, in ASCII. */
  static final class Lister {
    private Lister() {}

    public static void main(String[] args) {
      SparkSession spark = LocalSpark.start();
      print(SparkFaces.list(spark, "in", "in/plain.jpg"));
      print(SparkFaces.readList(spark, "list"));
      try {
        SparkFaces.list(spark, args[0]);
      } catch (FaceException e) {
        System.out.println(ascii(e.getMessage()));
      }
      spark.stop();
    }

    private static void print(Dataset<Row> rows) {
      for (Row row : rows.collectAsList()) {
        String path = row.getString(0).substring(row.getString(0).indexOf("/in/") + 1);
        System.out.println(ascii(path) + "|" + (row.isNullAt(3) ? "" : row.getString(3)));
      }
    }

    private static String ascii(String text) {
      return text.chars()
          .mapToObj(x -> x < 128 ? String.valueOf((char) x) : "\\u%04X".formatted(x))
          .collect(Collectors.joining());
    }
  }

  private List<String> listed(String locale) throws Exception {
    // Bash makes names of any bytes; Java could not.
    String script =
        "mkdir -p in/$'d\\xe9' && cd in && touch plain.jpg $'\\xc3\\xa9.jpg' $'J\\xe9.jpg'"
            + " $'J\\xe8.jpg' $'d\\xe9/1.jpg' && ln -sf $'J\\xe9.jpg' $'link.jpg' && cd .. &&"
            + " printf 'in/\\xc3\\xa9.jpg\\nin/J\\xe9.jpg\\n' > list && exec \"$@\" $'in/\\xc3\\xa9'";
    List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    String classPath =
        List.of(System.getProperty("java.class.path").split(":")).stream()
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(":"));
    command.addAll(List.of("-Xmx1g", "-cp", classPath, Lister.class.getName()));
    Path out = folder.resolve("out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().put("LC_ALL", locale);
    Process process = builder.start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue())
        .as(Files.readString(folder.resolve("err"), StandardCharsets.ISO_8859_1))
        .isZero();
    return Files.readAllLines(out);
  }

  @Test
  void list_inPosix_namesWhatItCannotRead() throws Exception {
    assertThat(listed("POSIX"))
        .containsExactlyInAnyOrder(
            "in/plain.jpg|",
            "in/link.jpg|",
            "in/%C3%A9.jpg|" + SET_LOCALE,
            "in/J%E9.jpg|" + NOT_UTF8,
            "in/J%E8.jpg|" + NOT_UTF8,
            "in/d%E9/1.jpg|" + NOT_UTF8,
            "in/\\u00E9.jpg|the name cannot be written in this locale: set LC_ALL=C.UTF-8",
            "in/J\\uFFFD.jpg|the name lost characters: it is not UTF-8, or was written in another"
                + " locale",
            "the folder of images in/\\uFFFD\\uFFFD could not be listed: expected a name that can be"
                + " read, found 'in/??': the name cannot be read in this locale, whose encoding is"
                + " US-ASCII: set LC_ALL=C.UTF-8, and name files in UTF-8");
  }

  @Test
  void list_inUtf8_namesWhatIsNot() throws Exception {
    assertThat(listed("C.UTF-8"))
        .contains(
            "in/plain.jpg|",
            "in/link.jpg|",
            "in/J%E9.jpg|" + NOT_UTF8,
            "in/J%E8.jpg|" + NOT_UTF8,
            "in/d%E9/1.jpg|" + NOT_UTF8,
            "in/J\\uFFFD.jpg|the name lost characters: it is not UTF-8, or was written in another"
                + " locale",
            "the folder of images in/\\u00E9 could not be listed: it does not exist")
        .filteredOn(line -> line.equals("in/\\u00E9.jpg|"))
        .hasSize(2);
  }
}
