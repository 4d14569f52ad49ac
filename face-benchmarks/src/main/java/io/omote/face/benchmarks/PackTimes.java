// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.FaceMatcher;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures the time of a comparison of two files with each bundled pack, in turn, and of a program
 * that uses another library on the same files, which prints "ms/image all N".
 */
@Command(
    name = "pack-times",
    mixinStandardHelpOptions = true,
    description = "Measures comparisons of two files with each bundled pack, in turn.")
final class PackTimes implements Callable<Integer> {
  private static final Pattern THEIRS = Pattern.compile("ms/image all ([\\d.]+)");

  @Option(
      names = "--rounds",
      defaultValue = "20",
      description = "number of rounds, by default ${DEFAULT-VALUE}; one more warms up")
  private int rounds;

  @Option(
      names = "--peer",
      paramLabel = "COMMAND",
      description = "program that uses another library, without the images; separated by spaces")
  private String peer = "";

  @Parameters(arity = "2..*", paramLabel = "IMAGE", description = "images with a face")
  private List<Path> images;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Double> lite = new ArrayList<>();
    List<Double> fast = new ArrayList<>();
    OptionalDouble theirs = OptionalDouble.empty();
    try (FaceMatcher second = FaceMatcher.create(ModelZoo.lite());
        FaceMatcher first = FaceMatcher.create(ModelZoo.liteFast())) {
      for (int round = 0; round <= rounds; round++) {
        for (int i = 0; i + 1 < images.size(); i += 2) {
          double ofSecond = milliseconds(second, images.get(i), images.get(i + 1));
          double ofFirst = milliseconds(first, images.get(i), images.get(i + 1));
          if (round > 0) { // the first warms up
            lite.add(ofSecond);
            fast.add(ofFirst);
          }
        }
      }
    }
    if (!peer.isEmpty()) {
      theirs = OptionalDouble.of(2 * millisecondsOfPeer());
    }
    print("lite", lite);
    print("lite-fast", fast);
    System.out.printf(
        Locale.ROOT, "lite takes %.2f of the time of lite-fast%n", median(lite) / median(fast));
    theirs.ifPresent(
        time -> System.out.printf(Locale.ROOT, "the other library, two images: %.1f ms%n", time));
    return 0;
  }

  private static double milliseconds(FaceMatcher matcher, Path one, Path other) {
    long start = System.nanoTime();
    matcher.compare(one, other);
    return (System.nanoTime() - start) / 1e6;
  }

  private double millisecondsOfPeer() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Arrays.asList(peer.split(" ")));
    images.stream().map(Path::toString).forEach(command::add);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher number = THEIRS.matcher(output);
    if (process.waitFor() != 0 || !number.find()) {
      throw new IOException(
          String.format(Locale.ROOT, "expected %s from %s, found: %s", THEIRS, command, output));
    }
    return Double.parseDouble(number.group(1));
  }

  private static void print(String what, List<Double> times) {
    System.out.printf(
        Locale.ROOT, "%s: %.1f ms (median of %d)%n", what, median(times), times.size());
  }

  private static double median(List<Double> times) {
    return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new PackTimes()).execute(args));
  }
}
