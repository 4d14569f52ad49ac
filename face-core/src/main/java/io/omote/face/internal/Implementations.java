// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceGraph;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.ImageOptions;
import io.omote.face.Landmarks;
import io.omote.face.ModelException;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.internal.attribute.PoseFit;
import io.omote.face.internal.attribute.QualityMeter;
import io.omote.face.internal.call.GuardedAnalyzer;
import io.omote.face.internal.call.GuardedDetector;
import io.omote.face.internal.call.GuardedEmbedder;
import io.omote.face.internal.image.BufferedPixels;
import io.omote.face.internal.image.DecodedPixels;
import io.omote.face.internal.image.HeapRoom;
import io.omote.face.internal.image.ImageDecoder;
import io.omote.face.internal.image.Upright;
import io.omote.face.internal.matcher.MatcherOpener;
import io.omote.face.internal.network.Alignment;
import io.omote.face.internal.network.ModelDirectory;
import io.omote.face.internal.network.Networks;
import io.omote.face.internal.options.DetectorOptions;
import io.omote.face.internal.options.MatcherOptions;
import io.omote.face.internal.options.NetworkOptions;
import io.omote.face.internal.search.ExactGallery;
import io.omote.face.internal.search.MeanLinkage;
import io.omote.face.internal.search.Neighbors;
import io.omote.face.internal.search.VectorTable;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The only seam between the API and the implementations. Stateless and thread-safe. */
public final class Implementations {
  private Implementations() {}

  public static DecodedPixels readImage(Path file, ImageOptions options) {
    return ImageDecoder.decode(file, options);
  }

  public static DecodedPixels readImage(byte[] encoded, ImageOptions options) {
    return ImageDecoder.decode(encoded, options);
  }

  public static DecodedPixels readImage(InputStream stream, ImageOptions options) {
    return readImage(ImageDecoder.read(stream, options), options);
  }

  public static byte[] pixelsOf(BufferedImage image) {
    try {
      return BufferedPixels.bgr(image);
    } catch (LinkageError e) {
      throw withoutImaging(e);
    }
  }

  public static BufferedImage bufferedImage(byte[] bgr, int width, int height) {
    try {
      return BufferedPixels.image(bgr, width, height);
    } catch (LinkageError e) {
      throw withoutImaging(e);
    }
  }

  /** Some Java runtimes lack the module {@code java.desktop} or its libraries. */
  private static ModelException withoutImaging(LinkageError cause) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "BufferedImage needs the module java.desktop and its libraries, which this Java runtime"
                + " lacks (%s): install a complete runtime, or use FaceImage.read and FaceImage.bgr",
            cause),
        cause);
  }

  public static DecodedPixels turned(DecodedPixels image, int degrees) {
    return Upright.clockwise(image, degrees);
  }

  public static byte[] copyOf(byte[] bgr, int width, int height) {
    byte[] copy = HeapRoom.bytes(bgr.length, String.format(Locale.ROOT, "%dx%d", width, height));
    System.arraycopy(bgr, 0, copy, 0, bgr.length);
    return copy;
  }

  public static DetectorModel detectorOf(Path onnx) {
    return ModelDirectory.detector(onnx);
  }

  public static FaceModels modelsOf(Path directory) {
    return ModelDirectory.read(directory);
  }

  public static FaceDetector detector(
      DetectorModel model, DetectorOptions options, NetworkOptions network) {
    return new GuardedDetector(Networks.open(model, options, network), network);
  }

  public static FaceEmbedder embedder(EmbedderModel model, NetworkOptions network) {
    return new GuardedEmbedder(Networks.open(model, network), network);
  }

  public static <A> FaceAnalyzer<A> analyzer(AnalyzerModel<A> model, NetworkOptions network) {
    return new GuardedAnalyzer<>(Networks.open(model, network), network);
  }

  public static FaceMatcher matcher(
      FaceModels models,
      DetectorOptions detection,
      NetworkOptions detectorOnly,
      MatcherOptions options) {
    return MatcherOpener.open(models, detection, detectorOnly, options);
  }

  public static FaceMatcher matcher(
      FaceDetector detector, FaceEmbedder embedder, MatcherOptions options) {
    return MatcherOpener.of(detector, embedder, options);
  }

  public static FaceGallery galleryInMemory(String modelId) {
    return ExactGallery.inMemory(modelId);
  }

  /** Returns the similarity of the weakest links that matter for a threshold. */
  public static double weakestLink(double threshold) {
    return MeanLinkage.weakestLink(threshold);
  }

  /** Links each face to the faces most similar to it. */
  public static void link(
      List<FaceEmbedding> faces, int most, double threshold, FaceGraph.Builder graph) {
    Neighbors neighbors =
        Neighbors.within(VectorTable.of(faces), most, MeanLinkage.weakestLink(threshold));
    for (int face = 0; face < neighbors.size(); face++) {
      for (int rank = 0; rank < neighbors.count(face); rank++) {
        graph.link(face, neighbors.neighbor(face, rank), neighbors.similarity(face, rank));
      }
    }
  }

  /** Returns a group for each face, from the number of faces on for persons who have a name. */
  public static int[] group(
      int[] starts,
      int[] ends,
      double[] similarities,
      int[] persons,
      int[] mates,
      double threshold,
      int most) {
    return new MeanLinkage(starts, ends, similarities, persons, mates, threshold, most).group();
  }

  public static HeadPose poseOf(DenseLandmarks points) {
    return PoseFit.of(points);
  }

  public static HeadPose poseOf(Landmarks landmarks) {
    return PoseFit.of(landmarks);
  }

  public static int turnOf(Landmarks landmarks) {
    return Alignment.turn(landmarks);
  }

  public static MeasuredQuality measure(FaceImage image, Face face) {
    return QualityMeter.measure(image, face);
  }
}
