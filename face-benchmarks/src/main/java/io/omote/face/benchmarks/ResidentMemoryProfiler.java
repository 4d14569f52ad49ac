// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/** Adds the resident memory of the benchmark's JVM, if the platform reports it. */
public final class ResidentMemoryProfiler implements InternalProfiler {
  static final String LABEL = "resident";

  @Override
  public String getDescription() {
    return "Resident memory of the process";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {}

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    try {
      OptionalDouble megabytes = ResidentMemory.now();
      return megabytes.isEmpty()
          ? List.of()
          : List.of(new ScalarResult(LABEL, megabytes.getAsDouble(), "MB", AggregationPolicy.MAX));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
