// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The options of a session, changed one by one, on bare runs of the detector at 640 and then the
 * recognizer, as for one image. The baseline is Omote's choice.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SessionOptionsBenchmark {
  private static final int INPUT = 640;
  private static final int CROP = 112;

  @Param({
    "chosen",
    "spinning",
    "oneThread",
    "fourThreads",
    "noArena",
    "pattern",
    "extendedGraph",
    "basicGraph",
    "noGraph"
  })
  private String options;

  private OrtSession detector;
  private OrtSession recognizer;
  private OnnxTensor image;
  private OnnxTensor crop;

  @Setup
  public void open() throws OrtException {
    detector = session(BenchmarkSetup.DETECTOR);
    recognizer = session(BenchmarkSetup.EMBEDDER);
    image = tensor(INPUT);
    crop = tensor(CROP);
  }

  private OrtSession session(String property) throws OrtException {
    try (SessionOptions session = new SessionOptions()) {
      session.setIntraOpNumThreads(2);
      session.setInterOpNumThreads(1);
      session.addConfigEntry(
          "session.intra_op.allow_spinning", options.equals("spinning") ? "1" : "0");
      session.setMemoryPatternOptimization(false);
      switch (options) {
        case "chosen", "spinning" -> {}
        case "oneThread" -> session.setIntraOpNumThreads(1);
        case "fourThreads" -> session.setIntraOpNumThreads(4);
        case "noArena" -> session.setCPUArenaAllocator(false);
        case "pattern" -> session.setMemoryPatternOptimization(true);
        case "extendedGraph" -> session.setOptimizationLevel(OptLevel.EXTENDED_OPT);
        case "basicGraph" -> session.setOptimizationLevel(OptLevel.BASIC_OPT);
        case "noGraph" -> session.setOptimizationLevel(OptLevel.NO_OPT);
        default -> throw new IllegalArgumentException(options);
      }
      return OrtEnvironment.getEnvironment()
          .createSession(BenchmarkSetup.property(property).toString(), session);
    }
  }

  private static OnnxTensor tensor(int side) throws OrtException {
    FloatBuffer data =
        ByteBuffer.allocateDirect(Float.BYTES * 3 * side * side)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < data.capacity(); i++) {
      data.put(i, (float) Math.sin(i));
    }
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(), data, new long[] {1, 3, side, side});
  }

  @TearDown
  public void close() throws OrtException {
    image.close();
    crop.close();
    detector.close();
    recognizer.close();
  }

  @Benchmark
  public int detectorAndRecognizerInTurn() throws OrtException {
    return run(detector, image) + run(recognizer, crop);
  }

  private static int run(OrtSession session, OnnxTensor input) throws OrtException {
    String name = session.getInputNames().iterator().next();
    try (OrtSession.Result result = session.run(Map.of(name, input))) {
      return result.size();
    }
  }
}
