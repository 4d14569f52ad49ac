// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models.djl;

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
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.network.ScrfdTranslator;
import java.util.ArrayList;
import java.util.List;

/**
 * DJL Translator for detectors of one network that gives landmarks: an image in, faces by
 * descending score out.
 *
 * <p>Each face has the class name {@code face} and a {@link Landmark}: the box as fractions of the
 * image, and five points in pixels (viewer-left eye, viewer-right eye, nose, mouth corners), as
 * DJL's drawing expects them.
 *
 * <p>Holds nothing of a call, so it is safe for use by several predictors at once.
 */
@SuppressWarnings("exports")
public final class FaceDetectionTranslator implements NoBatchifyTranslator<Image, DetectedObjects> {
  private static final String IMAGE = "omote.image";

  private final ImageTranslator<FaceImage, List<Face>> faces;

  /** The size of the image of one call. */
  private record Size(int width, int height) {}

  /**
   * Makes a translator.
   *
   * @param faces what makes the input and reads the outputs, such as {@link ScrfdTranslator}
   */
  public FaceDetectionTranslator(ImageTranslator<FaceImage, List<Face>> faces) {
    this.faces = faces;
  }

  @Override
  public NDList processInput(TranslatorContext context, Image source) {
    FaceImage image = DjlImages.toFaceImage(source, context.getNDManager());
    context.setAttachment(IMAGE, new Size(image.width(), image.height()));
    return faces.processInput(context, image);
  }

  @Override
  public DetectedObjects processOutput(TranslatorContext context, NDList outputs) {
    Size size = (Size) context.getAttachment(IMAGE);
    List<String> names = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    List<BoundingBox> boxes = new ArrayList<>();
    for (Face face : faces.processOutput(context, outputs)) {
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
