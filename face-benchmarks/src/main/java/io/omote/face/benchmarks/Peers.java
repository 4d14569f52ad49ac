// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Compares other libraries with this one on the same files, in turn, each in its own process, and
 * prints a table. The programs that use them are not part of this project: {@code
 * insightface_bench.py DETECTOR RECOGNIZER MODE THREADS ROUNDS IMAGE...} prints "ms/image all N",
 * {@code cold.py DETECTOR RECOGNIZER IMAGE IMAGE} compares once, {@code limits.py MODELS IMAGE}
 * prints the times of the bare networks and "FaceDetectorYN 320 1 thread N".
 */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = "Compares other libraries with this one on the same files, in turn.")
final class Peers implements Callable<Integer> {
  /** A program that embeds with OpenCV's recognizer, which accepts other weights than SFace's. */
  private static final String FACE_RECOGNIZER_SF =
      """
      import cv2, sys, time, numpy
      cv2.setNumThreads(1)
      recognizer = cv2.FaceRecognizerSF.create(sys.argv[1], "")
      image = cv2.imread(sys.argv[2])
      landmarks = [float(number) for number in sys.argv[3:13]]
      face = numpy.array([[0, 0, 1, 1] + landmarks + [1]], numpy.float32)
      times = []
      for i in range(220):
          start = time.perf_counter()
          recognizer.feature(recognizer.alignCrop(image, face))
          times.append(time.perf_counter() - start)
      print("%.2f ms (median)" % (1e3 * numpy.median(times[20:])))
      """;

  @Mixin private final ModelFiles models = new ModelFiles();

  @Option(
      names = "--yunet",
      required = true,
      paramLabel = "FILE",
      description = "YuNet detector with free input size, in the folder of the other two")
  private Path yunet;

  @Option(
      names = "--python",
      required = true,
      paramLabel = "FILE",
      description = "Python with the other libraries")
  private Path python;

  @Option(
      names = "--scripts",
      required = true,
      paramLabel = "DIR",
      description = "programs that use the other libraries")
  private Path scripts;

  @Option(names = "--jar", required = true, paramLabel = "FILE", description = "omote.jar")
  private Path jar;

  @Option(
      names = "--cds",
      required = true,
      paramLabel = "DIR",
      description = "folder for the output of omote cds")
  private Path cds;

  @Option(
      names = "--large",
      required = true,
      paramLabel = "FILE",
      description = "JPEG image of 12 megapixels with one face")
  private Path large;

  @Option(
      names = "--repeats",
      defaultValue = "3",
      description = "number of repetitions, each in turn")
  private int repeats;

  @Parameters(arity = "2..*", paramLabel = "IMAGE", description = "small images with a face")
  private List<Path> images;

  private static final Pattern THEIRS = Pattern.compile("ms/image all ([\\d.]+)");
  private static final Pattern OURS = Pattern.compile("([\\d.]+) ms per (?:image|comparison)");
  private static final Pattern MEDIAN = Pattern.compile("([\\d.]+) ms \\(median\\)");
  private static final Pattern MEMORY = Pattern.compile(", (\\d+) MB");

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.out.println("| what | peer, ms | Omote, ms | ratio |");
    System.out.println("| --- | --- | --- | --- |");
    wholeProcess();
    for (int threads = 1; threads <= 2; threads++) {
      allFaces("all faces of a small image, auto", threads, images);
      allFaces("all faces of 12 megapixels, auto", threads, List.of(large));
    }
    comparisons("compare two small images", images, false);
    comparisons("compare two small images, coarse to fine", images, true);
    comparisons("compare two of 12 megapixels", List.of(large, large), false);
    yunet();
    oneFace();
    callers();
    return 0;
  }

  private void wholeProcess() throws IOException, InterruptedException {
    String started = run(List.of(java(), "-jar", jar.toString(), "cds", cds.toString())).strip();
    List<String> arguments =
        Stream.of(
                "compare",
                "--detector",
                models.detector(),
                "--embedder",
                models.embedder(),
                images.get(0),
                images.get(1))
            .map(Object::toString)
            .toList();
    List<String> their =
        script("cold.py", models.detector(), models.embedder(), images.get(0), images.get(1));
    List<Double> theirs = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    List<Double> withCds = new ArrayList<>();
    for (int i = 0; i < 3 * repeats; i++) {
      theirs.add(timed(their));
      ours.add(timed(joined(List.of(java(), "-jar", jar.toString()), arguments)));
      withCds.add(timed(joined(List.of(started.split(" ")), arguments)));
    }
    row("whole process, one comparison: InsightFace", median(theirs), median(ours));
    row("the same, with omote cds", median(theirs), median(withCds));
    double theirMemory = memory(their);
    double ourMemory = memory(joined(List.of(java(), "-jar", jar.toString()), arguments));
    System.out.printf(
        Locale.ROOT,
        "| peak memory of that process, MB | %.0f | %.0f | %.3f |%n",
        theirMemory,
        ourMemory,
        ourMemory / theirMemory);
  }

  private void allFaces(String what, int threads, List<Path> files)
      throws IOException, InterruptedException {
    double theirs = Double.MAX_VALUE;
    double ours = Double.MAX_VALUE;
    for (int i = 0; i < repeats; i++) {
      theirs = Math.min(theirs, insightFace(threads, files));
      ours =
          Math.min(
              ours, number(OURS, run(own(files, "--mode", "auto", "--threads", "" + threads))));
    }
    row(String.format(Locale.ROOT, "%s, %d threads: InsightFace", what, threads), theirs, ours);
  }

  private double insightFace(int threads, List<Path> files)
      throws IOException, InterruptedException {
    List<Object> arguments = new ArrayList<>(List.of(models.detector(), models.embedder()));
    Collections.addAll(arguments, "auto", threads, 3);
    arguments.addAll(files);
    return number(THEIRS, run(script("insightface_bench.py", arguments.toArray())));
  }

  private void comparisons(String what, List<Path> files, boolean coarse)
      throws IOException, InterruptedException {
    double theirs = Double.MAX_VALUE;
    double ours = Double.MAX_VALUE;
    for (int i = 0; i < repeats; i++) {
      theirs = Math.min(theirs, 2 * insightFace(2, files));
      List<String> options = new ArrayList<>(List.of("--compare", "--threads", "0"));
      if (coarse) {
        options.add("--coarse");
      }
      ours = Math.min(ours, number(OURS, run(own(files, options.toArray(String[]::new)))));
    }
    row(what + ": InsightFace, 2 threads", theirs, ours);
  }

  private void yunet() throws IOException, InterruptedException {
    String limits = run(script("limits.py", yunet.toAbsolutePath().getParent(), images.get(0)));
    double theirs = number(Pattern.compile("FaceDetectorYN 320 1 thread ([\\d.]+)"), limits);
    String output = run(own(images, "--yunet", yunet.toString(), "--threads", "1"));
    row("YuNet at 320, 1 thread: FaceDetectorYN", theirs, number(MEDIAN, output));
    Matcher bare =
        Pattern.compile("(\\S+) threads (\\d) ONNX Runtime \\S+ ([\\d.]+) OpenVINO ([\\d.]+)")
            .matcher(limits);
    while (bare.find()) {
      row(
          String.format(
              Locale.ROOT,
              "bare run of %s, %s threads: OpenVINO, and ONNX Runtime of Python",
              bare.group(1),
              bare.group(2)),
          Double.parseDouble(bare.group(4)),
          Double.parseDouble(bare.group(3)));
    }
  }

  private void oneFace() throws IOException, InterruptedException {
    double theirs = Double.MAX_VALUE;
    double ours = Double.MAX_VALUE;
    for (int i = 0; i < repeats; i++) {
      String own = run(own(images, "--one-face", "--threads", "1"));
      List<String> command = new ArrayList<>(List.of(python.toString(), "-c", FACE_RECOGNIZER_SF));
      command.add(models.embedder().toString());
      command.add(images.get(0).toString());
      Collections.addAll(command, own.substring(own.indexOf("landmarks ") + 10).strip().split(" "));
      theirs = Math.min(theirs, number(MEDIAN, run(command)));
      ours = Math.min(ours, number(MEDIAN, own));
    }
    row("crop and embed one face, 1 thread: FaceRecognizerSF, same network", theirs, ours);
  }

  private void callers() throws IOException, InterruptedException {
    double one = 0;
    for (int callers = 1; callers <= 8; callers *= 2) {
      double best = Double.MAX_VALUE;
      String output = "";
      for (int i = 0; i < repeats; i++) {
        output = run(own(images, "--compare", "--threads", "1", "--callers", "" + callers));
        best = Math.min(best, number(OURS, output));
      }
      one = callers == 1 ? best : one;
      row(
          String.format(
              Locale.ROOT,
              "comparisons of %d callers with threads(1), against one caller; %.0f MB",
              callers,
              number(MEMORY, output)),
          one,
          best);
    }
  }

  private static void row(String what, double theirs, double ours) {
    System.out.printf(
        Locale.ROOT, "| %s | %.2f | %.2f | %.3f |%n", what, theirs, ours, ours / theirs);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private List<String> script(String name, Object... arguments) {
    List<String> command = new ArrayList<>(List.of(python.toString()));
    command.add(scripts.resolve(name).toString());
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    return command;
  }

  private List<String> own(List<Path> files, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                java(),
                "-cp",
                System.getProperty("java.class.path"),
                PeerBenchmark.class.getName(),
                "--detector",
                models.detector().toString(),
                "--embedder",
                models.embedder().toString()));
    Collections.addAll(command, options);
    files.stream().map(Path::toString).forEach(command::add);
    return command;
  }

  private static List<String> joined(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static double timed(List<String> command) throws IOException, InterruptedException {
    long start = System.nanoTime();
    run(command);
    return (System.nanoTime() - start) / 1e6;
  }

  /** Returns the peak resident memory, which Linux reports while the process runs. */
  private static double memory(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    double most = Double.NaN;
    while (process.isAlive()) {
      try (Stream<String> lines =
          Files.lines(Path.of(String.format(Locale.ROOT, "/proc/%d/status", process.pid())))) {
        most =
            lines
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .findFirst()
                .orElse(most);
      } catch (IOException | UncheckedIOException e) {
        break; // it has ended
      }
      Thread.sleep(5);
    }
    process.waitFor();
    return most;
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status > 1) { // 1 means different people
      throw new IOException(
          String.format(Locale.ROOT, "exit code %d of %s: %s", status, command, output));
    }
    return output;
  }

  private static double number(Pattern pattern, String output) throws IOException {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IOException(String.format(Locale.ROOT, "expected %s, found %s", pattern, output));
    }
    return Double.parseDouble(matcher.group(1));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new Peers()).execute(args));
  }
}
