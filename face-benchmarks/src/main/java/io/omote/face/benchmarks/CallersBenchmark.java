// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** The throughput of a matcher with one thread per session. The baseline is one caller. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CallersBenchmark {
  private FaceMatcher matcher;
  private FaceImage small;

  @Setup
  public void open() {
    matcher = FaceMatcher.builder(BenchmarkSetup.models()).threads(1).build();
    small = BenchmarkSetup.image(250, 250);
  }

  @TearDown
  public void close() {
    matcher.close();
  }

  @Benchmark
  @Threads(1)
  public Object oneCaller() {
    return matcher.embed(small);
  }

  @Benchmark
  @Threads(2)
  public Object twoCallers() {
    return matcher.embed(small);
  }

  @Benchmark
  @Threads(4)
  public Object fourCallers() {
    return matcher.embed(small);
  }
}
