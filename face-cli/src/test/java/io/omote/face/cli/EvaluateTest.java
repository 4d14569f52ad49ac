// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

class EvaluateTest {
  @TempDir private Path folder;

  private static JsonObject report(Path output) throws IOException {
    return JsonParser.parseString(Files.readString(output.resolve("report.json")))
        .getAsJsonObject();
  }

  private Path lfwImage(String name, int number) {
    return folder.resolve(String.format(Locale.ROOT, "lfw/%s/%s_%04d.jpg", name, name, number));
  }

  /** LFW's layout and its pairs file with ten folds, small. */
  private Path lfw() throws IOException {
    int images = 5;
    for (int i = 1; i <= images; i++) {
      Images.astronaut(lfwImage("Eileen_Collins", i), 300 + 20 * i);
      Images.admiral(lfwImage("Grace_Hopper", i), 300 + 20 * i);
    }
    StringBuilder pairs = new StringBuilder("10\t2\n");
    for (int i = 1; i <= images; i++) {
      for (int j = i + 1; j <= images; j++) {
        pairs.append(
            String.format(
                Locale.ROOT,
                "Eileen_Collins\t%1$d\t%2$d\nGrace_Hopper\t%1$d\t%2$d\n"
                    + "Eileen_Collins\t%1$d\tGrace_Hopper\t%2$d\n"
                    + "Grace_Hopper\t%1$d\tEileen_Collins\t%2$d\n",
                i,
                j));
      }
    }
    return Files.writeString(folder.resolve("pairs.txt"), pairs);
  }

  @Test
  void evaluate_lfwLayout_reportsTenFolds() throws IOException {
    Path output = folder.resolve("out");
    Run run =
        Run.of(
            new Evaluate(),
            lfw(),
            "--images",
            folder.resolve("lfw"),
            "--output",
            output,
            "--scores");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("model             lite (fr_feature:87aacdfe5751)")
        .contains("10 (0 without a face, 0 unreadable)")
        .contains("100 % +- 0 % (mean and standard error of 10 folds")
        .contains("No lower FMR: a false match rate of 0.1 needs at least 30 non-mated comparisons")
        .contains("found 20");
    JsonObject report = report(output);
    assertThat(report.get("modelId").getAsString()).isEqualTo("fr_feature:87aacdfe5751");
    assertThat(report.getAsJsonObject("tenFold").getAsJsonArray("folds")).hasSize(10);
    assertThat(report.getAsJsonObject("comparisons").get("mated").getAsInt()).isEqualTo(20);
    assertThat(Files.readAllLines(output.resolve("scores.csv")))
        .hasSize(41)
        .startsWith("image1,image2,same,fold,similarity")
        .element(40)
        .asString()
        .startsWith(
            "Grace_Hopper/Grace_Hopper_0004.jpg,Eileen_Collins/Eileen_Collins_0005.jpg,0,10");
    // No comparison is wrong, which the plot says.
    assertThat(texts(output.resolve("det.svg")))
        .contains("none of 20", "equal error rate 0 %", "threshold 0.3500 with bounds");
    assertThat(texts(output.resolve("scores.svg"))).contains("same person", "threshold 0.3500");
    JsonObject histogram = report.getAsJsonObject("histogram");
    assertThat(histogram.keySet()).containsExactly("width", "mated", "nonMated");
    assertThat(sum(histogram.getAsJsonArray("mated"))).isCloseTo(1, within(1e-9));
    assertThat(sum(histogram.getAsJsonArray("nonMated"))).isCloseTo(1, within(1e-9));
  }

  @Test
  void evaluate_json_isTheReport() throws IOException {
    Run run =
        Run.of(
            new Evaluate(),
            lfw(),
            "--images",
            folder.resolve("lfw"),
            "--output",
            folder.resolve("out"),
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject printed = JsonParser.parseString(run.out()).getAsJsonObject();
    assertThat(run.out().lines()).hasSize(1);
    assertThat(printed).isEqualTo(report(folder.resolve("out")));
    JsonSchemas.assertValid("evaluate", run.out());
    assertThat(printed.keySet())
        .containsExactly(
            "version",
            "origin",
            "dataSet",
            "notes",
            "modelId",
            "images",
            "comparisons",
            "equalErrorRate",
            "bestAccuracy",
            "tenFold",
            "defaultThreshold",
            "atFmr",
            "limit",
            "det",
            "histogram");
  }

  /** Returns the texts of an SVG file, which must be valid XML. */
  private static List<String> texts(Path svg) throws IOException {
    try {
      NodeList texts =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(svg.toFile())
              .getElementsByTagName("text");
      return IntStream.range(0, texts.getLength())
          .mapToObj(at -> texts.item(at).getTextContent())
          .toList();
    } catch (ParserConfigurationException | SAXException e) {
      throw new AssertionError(e);
    }
  }

  private static double sum(JsonArray shares) {
    double sum = 0;
    for (JsonElement share : shares) {
      sum += share.getAsDouble();
    }
    return sum;
  }

  @Test
  void evaluate_page_needsNothingElse() throws IOException {
    Path output = folder.resolve("out");
    Run run =
        Run.of(
            new Evaluate(),
            lfw(),
            "--images",
            folder.resolve("lfw"),
            "--output",
            output,
            "--data-set",
            "faces <of> & friends",
            "--crops");
    assertThat(run.exitCode()).as(run.err()).isZero();
    String page = Files.readString(output.resolve("report.html"));
    assertThat(page)
        .contains("<h1>faces &lt;of&gt; &amp; friends</h1>", "lite (fr_feature:87aacdfe5751)")
        .contains("20 comparisons, 0 failed (false non-matches)</dd>", ">default</th>")
        .contains("--data-set &#39;faces &lt;of&gt; &amp; friends&#39; --crops</pre>")
        .contains("alt=\"face of Grace_Hopper/Grace_Hopper_0002.jpg\"")
        .contains("No lower FMR: a false match rate of 0.1 needs at least 30 non-mated comparisons")
        .doesNotContain("http:", "https:", "<script", "<of>", "src=\"file");
    // Six mated pairs, two of which were asked for; twelve images of the worst non-mated ones.
    assertThat(page.split("src=\"data:image/jpeg;base64,/9j/", -1)).hasSizeGreaterThan(6);
    assertThat(output.resolve("scores.csv")).doesNotExist();
  }

  /** Faces are personal data, and similarities many megabytes. */
  @Test
  void evaluate_withoutAReport_refusesItsOptions() throws IOException {
    for (String option : List.of("--crops", "--scores")) {
      Run run = Run.of(new Evaluate(), lfw(), option);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains(option + " belongs to a report", "--output");
    }
    assertThat(Run.of(new Evaluate(), "identification", folder, "--crops").err())
        .contains("--crops belongs to a report");
  }

  private Path threeImages() {
    Path people = folder.resolve("people");
    Images.astronaut(people.resolve("collins/1.jpg"), 200);
    Images.astronaut(people.resolve("collins/2.jpg"), 220);
    Images.admiral(people.resolve("hopper/1.jpg"), 200);
    return people;
  }

  /** As on a disk that is full: the work of hours must not be lost. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "report.html | ; complete in %s: report.json",
        "scores.csv | ; the report in %s is complete"
      })
  void evaluate_whereAFileCannotBeWritten_hasPrintedItsResults(String name, String complete)
      throws IOException {
    Path output = folder.resolve("result");
    StringWriter err = new StringWriter();
    // Results are printed before files are written.
    StringWriter out =
        new StringWriter() {
          @Override
          public void write(String text) {
            super.write(text);
            if (!Files.exists(output.resolve(name))) {
              createFile(output.resolve(name));
            }
          }
        };
    int exitCode =
        Commands.commandLine(new Evaluate())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(threeImages().toString(), "--output", output.toString(), "--scores");
    assertThat(exitCode).isOne();
    assertThat(out.toString())
        .contains("At the default threshold 0.3500, none of 1 comparisons of the same person");
    assertThat(err.toString())
        .hasLineCount(1)
        .contains(output.resolve(name) + " already exists: ")
        .contains(String.format(Locale.ROOT, complete, output));
    assertThat(report(output).getAsJsonObject("comparisons").get("mated").getAsInt()).isOne();
  }

  private static void createFile(Path file) {
    try {
      Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void evaluate_withoutFonts_writesItsReport() throws Exception {
    Path output = folder.resolve("result");
    Run run =
        new CommandProcess(folder)
            .withoutFonts(folder)
            .run("evaluate", threeImages().toString(), "--output", output.toString(), "--crops");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(output.resolve("report.html")).content().contains("none of 1</text>", "/9j/");
    assertThat(texts(output.resolve("det.svg"))).contains("none of 1");
  }

  @Test
  void evaluate_withFailures_countsThemAndSaysSoByItsExitCode() throws IOException {
    Path set = folder.resolve("people");
    Images.astronaut(set.resolve("collins/1.jpg"), 300);
    Images.astronaut(set.resolve("collins/2.jpg"), 320);
    Images.empty(set.resolve("collins/3.jpg"));
    Images.admiral(set.resolve("hopper/1.jpg"), 300);
    Files.writeString(set.resolve("hopper/2.jpg"), "no image");
    Path output = folder.resolve("out");
    Run run = Run.of(new Evaluate(), set, "--output", output, "--scores");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("counted as a failure: ").contains("2.jpg");
    assertThat(run.out())
        .contains("5 (1 without a face, 1 unreadable)")
        .contains("4 comparisons, 3 failed (false non-matches)")
        .contains("6 comparisons, 4 failed (not counted in the FMR)");
    assertThat(
            report(output)
                .getAsJsonObject("defaultThreshold")
                .getAsJsonObject("fnmr")
                .get("value")
                .getAsDouble())
        .isEqualTo(0.75);
    assertThat(Files.readAllLines(output.resolve("scores.csv")))
        .contains("collins/1.jpg,collins/3.jpg,1,1,");
  }

  @Test
  void evaluate_ofRepeatedAndContradictoryImages_saysWhatDoesNotCount() throws IOException {
    Path set = folder.resolve("people");
    Path first = Images.astronaut(set.resolve("collins/1.jpg"), 300);
    Images.astronaut(set.resolve("collins/2.jpg"), 320);
    Files.copy(first, set.resolve("collins/3.jpg"));
    Images.admiral(set.resolve("hopper/1.jpg"), 300);
    Run run = Run.of(new Evaluate(), set);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("note: 1 repeated image counted once (first: ", "3.jpg, as ");
    assertThat(run.out())
        .contains("2 comparisons, 0 failed (not", "1 repeated image counted once.");

    Files.copy(first, set.resolve("hopper/3.jpg"));
    Images.astronaut(set.resolve("collins/4.jpg"), 340);
    Run contradiction = Run.of(new Evaluate(), set);
    assertThat(contradiction.exitCode()).isEqualTo(3);
    assertThat(contradiction.err())
        .contains("left out: " + first + ": ", "left out: " + set.resolve("hopper/3.jpg") + ": ");
    assertThat(contradiction.out()).contains("2 comparisons, 0 failed (not", "2 images left out");
  }

  @Test
  void evaluate_withMissingImages_stopsAtOnce() throws IOException {
    Path pairs =
        Files.writeString(folder.resolve("pairs.csv"), "image1,image2,same\na.jpg,b.jpg,1\n");
    Run run = Run.of(new Evaluate(), pairs);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("expected all 2 images").doesNotContain("\tat ");
  }

  @Test
  void evaluate_ofOnePersonOnly_saysWhatIsMissing() {
    Images.astronaut(folder.resolve("people/collins/1.jpg"), 300);
    Images.astronaut(folder.resolve("people/collins/2.jpg"), 320);
    Run run = Run.of(new Evaluate(), folder.resolve("people"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("there are no completed non-mated comparisons");
  }

  @Test
  void evaluate_whereAnOutputIsThere_isRefused() throws IOException {
    String pairs = "image1,image2,same\nlfw/a.jpg,lfw/b.jpg,1\n";
    Path csv = Files.writeString(folder.resolve("scores.csv"), pairs);
    Run run = Run.of(new Evaluate(), csv, "--output", folder, "--scores");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().contains(" already exists: ");
    assertThat(csv).hasContent(pairs);

    for (String name : List.of("identification", "quality", "liveness")) {
      Path file = Files.writeString(folder.resolve(name + ".json"), "mine");
      Object command =
          switch (name) {
            case "identification" -> new EvaluateIdentification();
            case "quality" -> new EvaluateQuality();
            default -> new EvaluateLiveness();
          };
      List<Object> args = new ArrayList<>(List.of(folder, "--output", folder));
      if (name.equals("liveness")) {
        args.addAll(List.of("--liveness", "a.onnx", "--liveness", "b.onnx"));
      }
      Run other = Run.of(command, args.toArray());
      assertThat(other.exitCode()).as(other.err()).isEqualTo(2);
      assertThat(other.err()).startsWith(file + " already exists");
      assertThat(file).hasContent("mine");
    }
  }

  @Test
  void evaluate_whereTheOutputIsAFile_saysSoWithoutAStackTrace() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Run run = Run.of(new Evaluate(), lfw(), "--images", folder.resolve("lfw"), "--output", file);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith(file + " is not a writable folder").hasLineCount(1);
  }

  @Test
  void evaluate_killedHalfWayAndStartedAgain_embedsNothingTwice() throws Exception {
    int images = 30;
    Path set = folder.resolve("people");
    for (int i = 0; i < images / 2; i++) {
      Images.astronaut(set.resolve("collins/" + i + ".jpg"), 300 + i);
      Images.admiral(set.resolve("hopper/" + i + ".jpg"), 300 + i);
    }
    Path work = folder.resolve("work");
    Process first =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Evaluate.class.getName(),
                set.toString(),
                "--threads",
                "1",
                "--work-dir",
                work.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("first.log").toFile())
            .start();
    try {
      Instant deadline = Instant.now().plus(Duration.ofSeconds(300));
      while (stored(work) < 2_000 && first.isAlive() && Instant.now().isBefore(deadline)) {
        Thread.sleep(5);
      }
      assertThat(first.isAlive()).as("killed while it was at work").isTrue();
    } finally {
      first.destroyForcibly();
    }
    assertThat(first.waitFor(120, TimeUnit.SECONDS)).isTrue();
    long atDeath = stored(work);

    Path output = folder.resolve("out");
    Run second = Run.of(new Evaluate(), set, "--work-dir", work, "--output", output);
    assertThat(second.exitCode()).as(second.err()).isZero();
    long before = report(output).getAsJsonObject("images").get("embeddedBefore").getAsLong();
    // All records are of one length: each image has exactly one.
    long record = stored(work) / images;
    assertThat(stored(work)).isEqualTo(record * images);
    assertThat(before).isEqualTo(atDeath / record).isBetween(1L, images - 1L);

    Run third = Run.of(new Evaluate(), set, "--work-dir", work);
    assertThat(third.out()).contains("30 by an earlier run, 0 now");
    assertThat(stored(work)).isEqualTo(record * images);
  }

  /** The bytes of embeddings in a folder. */
  private static long stored(Path work) throws IOException {
    if (!Files.isDirectory(work)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(work)) {
      return files.map(Path::toFile).mapToLong(File::length).sum();
    }
  }
}
