// SPDX-License-Identifier: Apache-2.0
package io.omote.face.djl;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.BoundingBox;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.modality.cv.output.Landmark;
import ai.djl.modality.cv.output.Point;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.ModelException;
import io.omote.face.description.DetectorModel;
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.network.Networks;
import java.util.ArrayList;
import java.util.List;

/**
 * A DJL Translator for detectors of one network with landmarks: from an image to its faces, by
 * descending score.
 *
 * <p>Each face has the class name {@code face} and a {@link Landmark}: the box as fractions of the
 * image, and five points in pixels (viewer-left eye, viewer-right eye, nose, mouth corners), as
 * DJL's drawing expects them. Scores and overlaps are limited by the defaults of the detector.
 *
 * <p>Thread-safe: several predictors may use one translator concurrently.
 */
public final class FaceDetectionTranslator implements NoBatchifyTranslator<Image, DetectedObjects> {
  private static final String IMAGE = "omote.image";

  private final ImageTranslator<FaceImage, List<Face>> detector;

  /** The size of the image of one call. */
  private record Size(int width, int height) {}

  private FaceDetectionTranslator(ImageTranslator<FaceImage, List<Face>> detector) {
    this.detector = detector;
  }

  /**
   * Creates the translator of a detector. Reads the inputs and outputs of the file, not its
   * weights.
   *
   * @param model the file
   * @param inputSize the side of the network's square input in pixels, a multiple of 32 up to 8192,
   *     such as 640; ignored if the file fixes the size
   * @return the translator
   * @throws IllegalArgumentException if the size is not one of these multiples
   * @throws ModelException if the file cannot be read, is of another kind or has no landmarks, or
   *     the detector has several networks
   */
  public static FaceDetectionTranslator of(DetectorModel model, int inputSize) {
    if (inputSize < 32 || inputSize > 8192 || inputSize % 32 != 0) {
      throw new IllegalArgumentException(
          "expected an input size that is a multiple of 32 from 32 to 8192, found " + inputSize);
    }
    return new FaceDetectionTranslator(Networks.translator(model, inputSize));
  }

  @Override
  public NDList processInput(TranslatorContext context, Image source) {
    FaceImage image = DjlImages.toFaceImage(source, context.getNDManager());
    context.setAttachment(IMAGE, new Size(image.width(), image.height()));
    return detector.processInput(context, image);
  }

  @Override
  public DetectedObjects processOutput(TranslatorContext context, NDList outputs) {
    Size size = (Size) context.getAttachment(IMAGE);
    List<String> names = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    List<BoundingBox> boxes = new ArrayList<>();
    for (Face face : detector.processOutput(context, outputs)) {
      names.add("face");
      scores.add((double) face.score());
      boxes.add(toLandmark(face, size));
    }
    return new DetectedObjects(names, scores, boxes);
  }

  private static Landmark toLandmark(Face face, Size size) {
    List<Point> points =
        face.landmarks().orElseThrow().points().stream()
            .map(point -> new Point(point.x(), point.y()))
            .toList();
    io.omote.face.BoundingBox box = face.box();
    return new Landmark(
        box.left() / (double) size.width(),
        box.top() / (double) size.height(),
        box.width() / (double) size.width(),
        box.height() / (double) size.height(),
        points);
  }
}
