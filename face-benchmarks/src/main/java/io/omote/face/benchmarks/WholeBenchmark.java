// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.ImageOptions;
import io.omote.face.Orientation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Whole calls, as a caller sees them, with two threads per session. The table names the baseline of
 * each.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WholeBenchmark {
  private static final int THREADS = 2;

  private FaceMatcher matcher;
  private FaceMatcher coarse;
  private FaceMatcher reduced;
  private FaceMatcher any;
  private FaceDetector detector;
  private FaceEmbedder embedder;
  private FaceImage small;
  private FaceImage group;
  private Path large;

  @Setup
  public void open() throws IOException {
    FaceModels models = BenchmarkSetup.models();
    matcher = FaceMatcher.builder(models).threads(THREADS).build();
    coarse =
        FaceMatcher.builder(models).threads(THREADS).detection(d -> d.coarseToFine(true)).build();
    any =
        FaceMatcher.builder(models)
            .threads(THREADS)
            .detection(d -> d.orientation(Orientation.ANY))
            .build();
    reduced =
        FaceMatcher.builder(models)
            .threads(THREADS)
            .imageOptions(ImageOptions.defaults().withReducedDecoding(1280))
            .build();
    detector = FaceDetector.builder(models.detector()).threads(THREADS).build();
    embedder = FaceEmbedder.builder(models.embedder()).threads(THREADS).build();
    small = BenchmarkSetup.image(250, 250);
    group = BenchmarkSetup.group(2, 1280, 1280);
    large = Files.createTempFile("benchmark", ".jpg");
    Files.write(large, BenchmarkSetup.jpeg(4000, 3000));
  }

  @TearDown
  public void close() throws IOException {
    matcher.close();
    coarse.close();
    reduced.close();
    any.close();
    detector.close();
    embedder.close();
    Files.delete(large);
  }

  @Benchmark
  public Object embedOne() {
    return matcher.embed(small);
  }

  @Benchmark
  public Object embedOneCoarseToFine() {
    return coarse.embed(small);
  }

  @Benchmark
  public Object embedOneInAnyOrientation() {
    return any.embed(small);
  }

  @Benchmark
  public FaceMatch compare() {
    return matcher.compare(small, small);
  }

  @Benchmark
  public FaceMatch compareCoarseToFine() {
    return coarse.compare(small, small);
  }

  @Benchmark
  public Object embedTwelveMegapixelFile() {
    return matcher.embed(large);
  }

  @Benchmark
  public Object embedTwelveMegapixelFileAtReducedSize() {
    return reduced.embed(large);
  }

  @Benchmark
  public Object embedFourFaces() {
    List<Face> faces = detector.detect(group);
    return embedder.embed(group, faces);
  }
}
