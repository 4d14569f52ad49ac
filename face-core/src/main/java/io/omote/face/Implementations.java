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
import io.omote.face.gallery.MemoryGallery;
import io.omote.face.image.BufferedPixels;
import io.omote.face.image.DecodedPixels;
import io.omote.face.image.ImageDecoder;
import io.omote.face.model.AnalyzerModel;
import io.omote.face.model.DetectorModel;
import io.omote.face.model.EmbedderModel;
import io.omote.face.recognition.ArcFaceEmbedder;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;

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
    return BufferedPixels.bgr(image);
  }

  private static FaceImage wrap(DecodedPixels pixels) {
    return FaceImage.wrap(pixels.bgr(), pixels.width(), pixels.height());
  }

  static FaceModels modelsOf(Path directory) {
    return ModelDirectory.read(directory);
  }

  static FaceDetector detector(
      DetectorModel model, DetectorOptions options, NetworkOptions network) {
    return new GuardedDetector(
        DetectorFamily.of(model).open(model, options, network), network.maxConcurrentCalls());
  }

  static FaceEmbedder embedder(EmbedderModel model, NetworkOptions network) {
    return new GuardedEmbedder(ArcFaceEmbedder.open(model, network), network.maxConcurrentCalls());
  }

  static <A> FaceAnalyzer<A> analyzer(AnalyzerModel<A> model, NetworkOptions network) {
    return new GuardedAnalyzer<>(AnalyzerFamily.open(model, network), network.maxConcurrentCalls());
  }

  static FaceGallery galleryInMemory(String modelId) {
    return new MemoryGallery(modelId);
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
