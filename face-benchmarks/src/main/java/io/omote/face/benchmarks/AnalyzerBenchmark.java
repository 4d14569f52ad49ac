// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import ai.djl.ndarray.types.Shape;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.description.Landmarks106Model;
import io.omote.face.description.Landmarks68Model;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.QualityModel;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.models.ModelZoo;
import java.io.File;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
 * Analyzers on one face in an image of a megapixel, with one thread. The baseline of each is the
 * bare run of its networks on filled buffers, one run each; the difference is Omote's overhead, for
 * a mesh of two passes also the second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AnalyzerBenchmark {
  static final String FILES = "omote.benchmark.analyzer.";

  /** The bundled ones; others are measured if their files are given. */
  static final List<String> BUNDLED =
      List.of("landmarks68-2d", "face-mesh", "face-mesh-single-pass");

  private static final int SIDE = 1024;

  @Param({"landmarks68-2d", "face-mesh", "face-mesh-single-pass"})
  private String network;

  private FaceImage image;
  private Face face;
  private FaceAnalyzer<?> analyzer;
  private final List<Bare> bare = new ArrayList<>();

  private record Bare(BareNetwork network, FloatBuffer input, Shape shape) {}

  private static AnalyzerModel<?> model(String network) {
    if (BUNDLED.contains(network)) {
      return bundled(network);
    }
    String[] files = System.getProperty(FILES + network).split(File.pathSeparator);
    Path file = Path.of(files[0]);
    return switch (network) {
      case "landmarks106" -> Landmarks106Model.of(file);
      case "landmarks68" -> Landmarks68Model.of(file);
      case "age-and-sex" -> AgeAndSexModel.of(file);
      case "quality" -> QualityModel.of(file);
      case "liveness" -> LivenessModel.of(file, Path.of(files[1]));
      default -> throw new IllegalArgumentException(network);
    };
  }

  private static AnalyzerModel<?> bundled(String network) {
    FaceModels lite = ModelZoo.lite();
    return switch (network) {
      case "face-mesh" -> lite.analyzer(FaceMeshModel.class).orElseThrow();
      case "face-mesh-single-pass" ->
          lite.analyzer(FaceMeshModel.class).orElseThrow().withSinglePass();
      default -> lite.analyzer(Landmarks68Model2D.class).orElseThrow();
    };
  }

  @Setup
  public void open() {
    image = BenchmarkSetup.image(SIDE, SIDE);
    try (FaceDetector detector = FaceDetector.create(BenchmarkSetup.models())) {
      face = detector.detect(image).get(0);
    }
    AnalyzerModel<?> model = model(network);
    analyzer = FaceAnalyzer.builder(model).threads(1).build();
    for (ModelFile file : model.files()) {
      List<Long> dimensions = OnnxFile.graph(file).inputs().get(0).shape();
      Shape shape = new Shape(1).addAll(new Shape(dimensions.subList(1, dimensions.size())));
      bare.add(new Bare(BareNetwork.open(file), filled(shape), shape));
    }
  }

  /** Returns a buffer of random values, because some networks take longer for zeros. */
  private static FloatBuffer filled(Shape shape) {
    FloatBuffer input = BareNetwork.input(shape);
    Random random = new Random(1);
    for (int at = 0; at < input.capacity(); at++) {
      input.put(at, random.nextInt(256));
    }
    return input;
  }

  @TearDown
  public void close() {
    analyzer.close();
    bare.forEach(one -> one.network().close());
  }

  @Benchmark
  public int bareRun() {
    int outputs = 0;
    for (Bare one : bare) {
      outputs += one.network().run(one.input(), one.shape());
    }
    return outputs;
  }

  @Benchmark
  public Object analyze() {
    return analyzer.analyze(image, face);
  }
}
