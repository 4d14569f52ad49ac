// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import ai.djl.ndarray.types.Shape;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.description.ModelFile;
import io.omote.face.description.Normalization;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.network.Alignment;
import java.io.IOException;
import java.nio.FloatBuffer;
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
 * The stages of processing an image of a megapixel at 640, with one thread. The baselines are the
 * bare runs of the networks on the same input; the difference is Omote's overhead.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StageBenchmark {
  private static final int SIDE = 1024;
  private static final int INPUT = 640;
  private static final int CROP = 112;
  private static final Shape LETTERBOXED = new Shape(1, 3, INPUT, INPUT);
  private static final Shape ALIGNED = new Shape(1, 3, CROP, CROP);

  private byte[] jpeg;
  private FaceImage image;
  private Face face;
  private FaceEmbedding embedding;
  private FaceDetector detector;
  private FaceEmbedder embedder;
  private CropTransform region;
  private final Sampler sampler = Sampler.rgb(Normalization.ARCFACE);
  private final FloatBuffer detectorInput = BareNetwork.input(LETTERBOXED);
  private final FloatBuffer recognizerInput = BareNetwork.input(ALIGNED);
  private BareNetwork bareDetector;
  private BareNetwork bareRecognizer;
  private BareNetwork recognizerAsPublished;

  @Setup
  public void open() throws IOException {
    FaceModels models = BenchmarkSetup.models();
    jpeg = BenchmarkSetup.jpeg(SIDE, SIDE);
    image = FaceImage.read(jpeg);
    detector = FaceDetector.builder(models.detector()).inputSizes(INPUT).threads(1).build();
    embedder = FaceEmbedder.builder(models.embedder()).threads(1).build();
    face = detector.detect(image).get(0);
    embedding = embedder.embed(image, face);
    region = new Alignment(CROP).crop(image, face.landmarks().orElseThrow());
    letterbox();
    crop();
    bareDetector = BareNetwork.open(ModelFile.of(BenchmarkSetup.property(BenchmarkSetup.DETECTOR)));
    ModelFile recognizer = ModelFile.of(BenchmarkSetup.property(BenchmarkSetup.EMBEDDER));
    bareRecognizer = BareNetwork.open(recognizer);
    recognizerAsPublished = BareNetwork.open(recognizer.withTinyWeightsKept());
  }

  @TearDown
  public void close() {
    bareDetector.close();
    bareRecognizer.close();
    recognizerAsPublished.close();
    detector.close();
    embedder.close();
  }

  @Benchmark
  public FaceImage decodeJpeg() {
    return FaceImage.read(jpeg);
  }

  @Benchmark
  public FloatBuffer letterbox() {
    sampler.letterbox(
        image, Letterbox.fit(image.width(), image.height(), INPUT, INPUT), detectorInput);
    return detectorInput;
  }

  @Benchmark
  public FloatBuffer crop() {
    sampler.warp(region, CROP, CROP, recognizerInput);
    return recognizerInput;
  }

  @Benchmark
  public int bareDetectorRun() {
    return bareDetector.run(detectorInput, LETTERBOXED);
  }

  @Benchmark
  public int bareRecognizerRun() {
    return bareRecognizer.run(recognizerInput, ALIGNED);
  }

  @Benchmark
  public int bareRecognizerRunWithTinyWeights() {
    return recognizerAsPublished.run(recognizerInput, ALIGNED);
  }

  @Benchmark
  public Object detect() {
    return detector.detect(image);
  }

  @Benchmark
  public FaceEmbedding embed() {
    return embedder.embed(image, face);
  }

  @Benchmark
  public double similarity() {
    return embedding.similarity(embedding);
  }
}
