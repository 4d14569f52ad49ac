// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import java.util.List;
import java.util.Locale;
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

/** The growth of the cost with the image and its faces. The baseline is the first value. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GrowthBenchmark {

  /** A square image of one face. */
  @State(Scope.Benchmark)
  public static class Image {
    @Param({"250", "500", "1000", "2000", "4000"})
    private int side;

    private FaceImage image;
    private FaceDetector detector;

    @Setup
    public void open() {
      detector = FaceDetector.create(BenchmarkSetup.models());
      image = BenchmarkSetup.image(side, side);
    }

    @TearDown
    public void close() {
      detector.close();
    }
  }

  /** An image of several detected faces. */
  @State(Scope.Benchmark)
  public static class Group {
    @Param({"1", "4", "16", "64"})
    private int faces;

    private FaceImage image;
    private List<Face> found;
    private FaceEmbedder embedder;

    @Setup
    public void open() {
      FaceModels models = BenchmarkSetup.models();
      image = BenchmarkSetup.group((int) Math.sqrt(faces), 1280, 1280);
      try (FaceDetector detector = FaceDetector.create(models)) {
        found = detector.detect(image);
      }
      if (found.size() != faces) {
        throw new IllegalStateException(
            String.format(Locale.ROOT, "expected %s faces, found %s", faces, found.size()));
      }
      embedder = FaceEmbedder.create(models);
    }

    @TearDown
    public void close() {
      embedder.close();
    }
  }

  @Benchmark
  public List<Face> detect(Image image) {
    return image.detector.detect(image.image);
  }

  @Benchmark
  public Object embedFaces(Group group) {
    return group.embedder.embed(group.image, group.found);
  }
}
