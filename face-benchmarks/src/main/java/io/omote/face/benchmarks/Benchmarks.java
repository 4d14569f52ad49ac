// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the benchmarks and writes a table of the results, each compared with its baseline. */
@Command(
    name = "benchmarks",
    mixinStandardHelpOptions = true,
    description = "Runs the benchmarks with JMH and writes a table of the results into a document.")
final class Benchmarks implements Callable<Integer> {
  private static final String BEGIN = "<!-- benchmarks: begin -->";
  private static final String END = "<!-- benchmarks: end -->";

  /** The baseline that is the same benchmark with the first value of its parameter. */
  private static final String FIRST = "first";

  /**
   * A row of the table: a benchmark, a description of it, and the benchmark that is its baseline.
   */
  private record Row(String name, String what, String baseline) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("StageBenchmark.decodeJpeg", "decode a JPEG of 1024x1024", ""),
          new Row(
              "StageBenchmark.letterbox", "letterbox it to 640", "StageBenchmark.bareDetectorRun"),
          new Row("StageBenchmark.bareDetectorRun", "bare run of the detector at 640", ""),
          new Row(
              "StageBenchmark.detect",
              "detect: letterbox, network, decoding of outputs, suppression",
              "StageBenchmark.bareDetectorRun"),
          new Row("StageBenchmark.crop", "aligned crop of 112", "StageBenchmark.bareRecognizerRun"),
          new Row("StageBenchmark.bareRecognizerRun", "bare run of the recognizer", ""),
          new Row(
              "StageBenchmark.bareRecognizerRunWithTinyWeights",
              "the same with the weights as in the file",
              "StageBenchmark.bareRecognizerRun"),
          new Row(
              "StageBenchmark.embed", "embed: crop, network", "StageBenchmark.bareRecognizerRun"),
          new Row("AnalyzerBenchmark.bareRun", "bare run of an analyzer's networks", ""),
          new Row("AnalyzerBenchmark.analyze", "analyze a face", "AnalyzerBenchmark.bareRun"),
          new Row("StageBenchmark.similarity", "cosine of two embeddings", ""),
          new Row("WholeBenchmark.embedOne", "embed the face of a 250x250 image", ""),
          new Row(
              "WholeBenchmark.embedOneCoarseToFine",
              "the same, coarse to fine",
              "WholeBenchmark.embedOne"),
          new Row("WholeBenchmark.compare", "compare two of them", "WholeBenchmark.embedOne"),
          new Row(
              "WholeBenchmark.compareCoarseToFine",
              "the same, coarse to fine",
              "WholeBenchmark.compare"),
          new Row("WholeBenchmark.embedFourFaces", "all 4 faces of a 1280x1280 image", ""),
          new Row(
              "WholeBenchmark.embedTwelveMegapixelFile",
              "embed from a JPEG file of 12 megapixels",
              ""),
          new Row(
              "WholeBenchmark.embedTwelveMegapixelFileAtReducedSize",
              "the same, decoded at reduced size",
              "WholeBenchmark.embedTwelveMegapixelFile"),
          new Row("CallersBenchmark.oneCaller", "images per second, 1 caller", ""),
          new Row(
              "CallersBenchmark.twoCallers",
              "images per second, 2 callers",
              "CallersBenchmark.oneCaller"),
          new Row(
              "CallersBenchmark.fourCallers",
              "images per second, 4 callers",
              "CallersBenchmark.oneCaller"),
          new Row("GrowthBenchmark.detect", "detect in an image of one face", FIRST),
          new Row("GrowthBenchmark.embedFaces", "embed the faces of a 1280x1280 image", FIRST),
          new Row(
              "SessionOptionsBenchmark.detectorAndRecognizerInTurn",
              "bare runs of detector and recognizer",
              FIRST));

  @Mixin private final ModelFiles files = new ModelFiles();

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      defaultValue = ".*",
      description = "benchmarks to run")
  private String only;

  @Option(
      names = "--analyzer",
      paramLabel = "KIND=FILE",
      description =
          "landmarks106, landmarks68, age-and-sex, quality or liveness, and its file; for liveness"
              + " two files, separated like paths")
  private Map<String, String> analyzers = Map.of();

  @Parameters(index = "0", paramLabel = "IMAGE", description = "image of one face")
  private Path image;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "DOCUMENT",
      description = "file whose table is replaced; by default the table is only printed")
  private Path document;

  @Override
  public Integer call() throws RunnerException, IOException {
    List<String> properties =
        new ArrayList<>(
            List.of(
                property(BenchmarkSetup.DETECTOR, files.detector()),
                property(BenchmarkSetup.EMBEDDER, files.embedder()),
                property(BenchmarkSetup.IMAGE, image)));
    analyzers.forEach(
        (kind, paths) ->
            properties.add(
                String.format(Locale.ROOT, "-D%s%s=%s", AnalyzerBenchmark.FILES, kind, paths)));
    List<String> networks = new ArrayList<>(AnalyzerBenchmark.BUNDLED);
    networks.addAll(analyzers.keySet());
    Options options =
        new OptionsBuilder()
            .include(String.format(Locale.ROOT, "%s.%s", Benchmarks.class.getPackageName(), only))
            .forks(1)
            .warmupIterations(3)
            .warmupTime(TimeValue.seconds(2))
            .measurementIterations(5)
            .measurementTime(TimeValue.seconds(2))
            .addProfiler(GCProfiler.class)
            .addProfiler(ResidentMemoryProfiler.class)
            .param("network", networks.toArray(String[]::new))
            .jvmArgsAppend(properties.toArray(String[]::new))
            .build();
    String table = table(new Runner(options).run());
    System.out.println(table);
    if (document != null) {
      String text = Files.readString(document);
      int from = text.indexOf(BEGIN) + BEGIN.length();
      Files.writeString(
          document,
          String.format(
              Locale.ROOT,
              "%s\n%s%s",
              text.substring(0, from),
              table,
              text.substring(text.indexOf(END))));
    }
    return 0;
  }

  private static String property(String name, Path value) {
    return String.format(Locale.ROOT, "-D%s=%s", name, value.toAbsolutePath());
  }

  private static String table(Collection<RunResult> results) {
    Map<String, List<RunResult>> byName =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    result ->
                        result
                            .getParams()
                            .getBenchmark()
                            .substring(Benchmarks.class.getPackageName().length() + 1)));
    StringBuilder table =
        new StringBuilder("| what | result | against its baseline | heap per call | resident |\n");
    table.append("| --- | --- | --- | --- | --- |\n");
    for (Row row : ROWS) {
      List<RunResult> own = byName.getOrDefault(row.name(), List.of());
      for (RunResult result : own) {
        List<RunResult> baseline =
            row.baseline().equals(FIRST) ? own : byName.getOrDefault(row.baseline(), List.of());
        table.append(line(row, result, baselineOf(row, result, baseline)));
      }
    }
    return table.toString();
  }

  /** Returns the baseline with the same parameters. */
  private static @Nullable RunResult baselineOf(
      Row row, RunResult result, List<RunResult> baseline) {
    return baseline.stream()
        .filter(one -> row.baseline().equals(FIRST) || parameters(one).equals(parameters(result)))
        .findFirst()
        .orElse(null);
  }

  private static String line(Row row, RunResult result, @Nullable RunResult baseline) {
    Result<?> primary = result.getPrimaryResult();
    boolean throughput = primary.getScoreUnit().startsWith("ops");
    String score =
        throughput
            ? format("%.1f /s", primary.getScore())
            : primary.getScore() < 1000
                ? format("%.2f us", primary.getScore())
                : format("%.2f ms", primary.getScore() / 1000);
    String ratio = "";
    if (baseline != null) {
      ratio =
          format("%.3f x ", primary.getScore() / baseline.getPrimaryResult().getScore())
              + (row.baseline().equals(FIRST)
                  ? parameters(baseline)
                  : row.baseline().substring(row.baseline().indexOf('.') + 1));
    }
    return String.format(
        Locale.ROOT,
        "| %s |\n",
        String.join(
            " | ",
            String.format(Locale.ROOT, "%s %s", row.what(), parameters(result)).strip(),
            score,
            ratio,
            secondary(result, "gc.alloc.rate.norm", "%,.0f B"),
            secondary(result, ResidentMemoryProfiler.LABEL, "%.0f MB")));
  }

  private static String parameters(RunResult result) {
    BenchmarkParams params = result.getParams();
    return params.getParamsKeys().stream()
        .map(key -> String.format(Locale.ROOT, "%s=%s", key, params.getParam(key)))
        .collect(Collectors.joining(", "));
  }

  private static String secondary(RunResult result, String label, String pattern) {
    Result<?> value = result.getSecondaryResults().get(label);
    return value == null ? "" : format(pattern, value.getScore());
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }
}
