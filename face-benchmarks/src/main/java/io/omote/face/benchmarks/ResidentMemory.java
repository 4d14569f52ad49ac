// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The resident memory (RSS) of this process over time, as reported by Linux. Not thread-safe. */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String LINE = "VmRSS:";

  /** A measurement: minutes since the start, megabytes. */
  record Sample(double minutes, double megabytes) {}

  private final long start = System.nanoTime();
  private final Duration warmUp;
  private final List<Sample> samples = new ArrayList<>();

  /** Starts the clock; samples during the warm-up do not count. */
  ResidentMemory(Duration warmUp) {
    this.warmUp = warmUp;
  }

  /** Returns the memory in MB, empty if the system does not report it. */
  static OptionalDouble now() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return OptionalDouble.empty();
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(LINE))
          .map(line -> line.substring(LINE.length()).replace("kB", "").strip())
          .mapToDouble(kilobytes -> Long.parseLong(kilobytes) / 1024.0)
          .findFirst();
    }
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Takes a sample and returns it in MB. */
  double sample() throws IOException {
    double megabytes = now().orElseThrow();
    if (elapsed().compareTo(warmUp) >= 0) {
      samples.add(new Sample(elapsed().toMillis() / 60_000.0, megabytes));
    }
    return megabytes;
  }

  /** Returns the slope of the samples after the warm-up, in MB per minute. */
  double growth() {
    return slope(samples);
  }

  /**
   * Returns the lower tercile of the slopes between all pairs of samples; two thirds of them exceed
   * it. It is robust against a short peak, such as one of the garbage collector, and against a
   * single step, such as a buffer that is kept, because at most half of all pairs span the step.
   */
  static double slope(List<Sample> samples) {
    if (samples.size() < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected at least two samples after the warm-up, found %s: let it run longer",
              samples.size()));
    }
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      for (Sample later : samples.subList(i + 1, samples.size())) {
        Sample earlier = samples.get(i);
        slopes.add(
            (later.megabytes() - earlier.megabytes()) / (later.minutes() - earlier.minutes()));
      }
    }
    slopes.sort(null);
    return slopes.get(slopes.size() / 3);
  }
}
