// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.analysis.AnalyzerFamily;
import io.omote.face.analysis.Measurement;
import io.omote.face.analysis.PoseFit;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.detection.DetectorFamily;
import io.omote.face.detection.ModelDirectory;
import io.omote.face.gallery.FaceTable;
import io.omote.face.gallery.MemoryGallery;
import io.omote.face.gallery.Neighbours;
import io.omote.face.gallery.Whispers;
import io.omote.face.image.BufferedPixels;
import io.omote.face.image.DecodedPixels;
import io.omote.face.image.HeapRoom;
import io.omote.face.image.ImageDecoder;
import io.omote.face.model.AnalyzerModel;
import io.omote.face.model.DetectorModel;
import io.omote.face.model.EmbedderModel;
import io.omote.face.recognition.ArcFaceEmbedder;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The only seam between the API and what stands behind it. */
final class Implementations {
  private Implementations() {}

  static FaceImage readImage(Path file, ImageOptions options) {
    return wrap(ImageDecoder.decode(file, options));
  }

  static FaceImage readImage(byte[] encoded, ImageOptions options) {
    return wrap(ImageDecoder.decode(encoded, options));
  }

  static FaceImage readImage(InputStream stream, ImageOptions options) {
    return readImage(readEncoded(stream, options), options);
  }

  static byte[] readEncoded(InputStream stream, ImageOptions options) {
    return ImageDecoder.read(stream, options);
  }

  static byte[] pixelsOf(BufferedImage image) {
    try {
      return BufferedPixels.bgr(image);
    } catch (LinkageError e) {
      throw withoutImaging(e);
    }
  }

  static BufferedImage bufferedImage(byte[] bgr, int width, int height) {
    try {
      return BufferedPixels.image(bgr, width, height);
    } catch (LinkageError e) {
      throw withoutImaging(e);
    }
  }

  /** A runtime may lack module {@code java.desktop}, or some of its libraries. */
  private static ModelException withoutImaging(LinkageError cause) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected a Java runtime with module java.desktop and its libraries, which"
                + " BufferedImage needs, found that it lacks some (%s): install a whole one, or use"
                + " FaceImage.read and FaceImage.bgr, which need none",
            cause),
        cause);
  }

  static byte[] copyOf(byte[] bgr, int width, int height) {
    byte[] copy = HeapRoom.bytes(bgr.length, String.format(Locale.ROOT, "%dx%d", width, height));
    System.arraycopy(bgr, 0, copy, 0, bgr.length);
    return copy;
  }

  private static FaceImage wrap(DecodedPixels pixels) {
    return FaceImage.wrap(pixels.bgr(), pixels.width(), pixels.height());
  }

  static FaceModels modelsOf(Path directory) {
    return ModelDirectory.read(directory);
  }

  static FaceDetector detector(
      DetectorModel model, DetectorOptions options, NetworkOptions network) {
    return new GuardedDetector(DetectorFamily.of(model).open(model, options, network), network);
  }

  static FaceEmbedder embedder(EmbedderModel model, NetworkOptions network) {
    return new GuardedEmbedder(ArcFaceEmbedder.open(model, network), network);
  }

  static <A> FaceAnalyzer<A> analyzer(AnalyzerModel<A> model, NetworkOptions network) {
    return new GuardedAnalyzer<>(AnalyzerFamily.open(model, network), network);
  }

  static FaceGallery galleryInMemory(String modelId) {
    return new MemoryGallery(modelId);
  }

  /** Links each face with its nearest others. */
  static void link(List<FaceEmbedding> faces, double threshold, FaceGraph.Builder graph) {
    Neighbours neighbours = Neighbours.within(FaceTable.of(faces), FaceGraph.NEIGHBOURS, threshold);
    for (int face = 0; face < neighbours.size(); face++) {
      for (int rank = 0; rank < neighbours.count(face); rank++) {
        graph.link(face, neighbours.neighbour(face, rank), neighbours.similarity(face, rank));
      }
    }
  }

  /** A label for each face, also for those that have one. */
  static int[] group(FaceGraph graph, int[] labels) {
    return Whispers.group(graph.starts(), graph.ends(), graph.similarities(), labels);
  }

  static HeadPose poseOf(DenseLandmarks points) {
    return PoseFit.of(points);
  }

  static HeadPose poseOf(Landmarks landmarks) {
    return PoseFit.of(landmarks);
  }

  static MeasuredQuality measure(FaceImage image, Face face) {
    return Measurement.of(image, face);
  }
}
