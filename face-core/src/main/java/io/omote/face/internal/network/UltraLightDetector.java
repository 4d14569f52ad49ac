// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.ModelException;
import io.omote.face.description.UltraLightModel;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.OnnxGraph.Value;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.options.DetectorOptions;
import io.omote.face.internal.options.NetworkOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A box network, then a network of 68 points on each face. Thread-safe.
 *
 * @hidden
 */
public final class UltraLightDetector implements FaceDetector {
  private static final float SCORE_THRESHOLD = 0.65f;
  private static final float IOU_THRESHOLD = 0.4f;

  private final OnnxModel boxes;
  private final OnnxModel points;
  private final UltraLightTranslator boxTranslator;
  private final LandmarkTranslator pointTranslator;
  private final int pointSize;
  private final DetectorOptions options;

  private UltraLightDetector(
      OnnxModel boxes,
      UltraLightTranslator boxTranslator,
      OnnxModel points,
      int pointSize,
      DetectorOptions options) {
    this.boxes = boxes;
    this.boxTranslator = boxTranslator;
    this.points = points;
    this.pointTranslator = new LandmarkTranslator(pointSize);
    this.pointSize = pointSize;
    this.options = options;
  }

  /**
   * Opens a detector.
   *
   * @param description the files
   * @param options the options
   * @param network how it is run
   * @return the detector
   */
  public static UltraLightDetector open(
      UltraLightModel description, DetectorOptions options, NetworkOptions network) {
    OnnxFile boxFile = OnnxFile.read(description.boxes());
    OnnxFile pointFile = OnnxFile.read(description.points());
    Value boxInput = checkBoxes(boxFile);
    int pointSize = checkPoints(pointFile);
    if (!options.inputSizes().isEmpty()) {
      throw InputSize.notAsked(options.inputSizes(), boxFile, InputSize.fixedBy(boxFile));
    }
    if (options.coarseToFine()) {
      throw new ModelException(
          "expected for coarseToFine a detector with a free input size (SCRFD, YuNet), found an"
              + " UltraLight one: leave coarseToFine off");
    }
    UltraLightTranslator translator =
        new UltraLightTranslator(
            Math.toIntExact(boxInput.dimension(3)),
            Math.toIntExact(boxInput.dimension(2)),
            options.scoreThreshold().orElse(SCORE_THRESHOLD),
            options.iouThreshold().orElse(IOU_THRESHOLD));
    OnnxModel boxes = OnnxModel.open(boxFile, network);
    try {
      OnnxModel points = OnnxModel.open(pointFile, network);
      return new UltraLightDetector(boxes, translator, points, pointSize, options);
    } catch (RuntimeException | Error e) {
      boxes.close();
      throw e;
    }
  }

  private static Value checkBoxes(OnnxFile file) {
    OnnxGraph graph = file.graph();
    boolean fits =
        graph.inputs().size() == 1
            && isFixed(graph.inputs().get(0), 3)
            && graph.isOfFloats()
            && graph.outputs().size() == 2
            && hasColumns(graph.outputs().get(0), 2)
            && hasColumns(graph.outputs().get(1), 4);
    if (!fits) {
      throw DetectorFamily.wrong(
          "the box network of an UltraLight detector (input [1,3,H,W] of fixed size; outputs"
              + " [1,n,2] and [1,n,4]; all 32-bit floats)",
          file);
    }
    return graph.inputs().get(0);
  }

  private static int checkPoints(OnnxFile file) {
    OnnxGraph graph = file.graph();
    boolean fits =
        graph.inputs().size() == 1
            && isFixed(graph.inputs().get(0), 1)
            && graph.inputs().get(0).dimension(2) == graph.inputs().get(0).dimension(3)
            && graph.isOfFloats()
            && graph.outputs().size() == 1
            && graph.outputs().get(0).rank() == 2
            && graph.outputs().get(0).dimension(1) == 2 * SixtyEightPoints.COUNT;
    if (!fits) {
      throw DetectorFamily.wrong(
          "a network of 68 points (input [1,1,S,S]; output [1,136]; both 32-bit floats)", file);
    }
    return Math.toIntExact(graph.inputs().get(0).dimension(2));
  }

  private static boolean isFixed(Value input, int channels) {
    return input.takesImages(channels)
        && input.dimension(1) == channels
        && input.dimension(2) != Value.FREE
        && input.dimension(3) != Value.FREE;
  }

  private static boolean hasColumns(Value output, int columns) {
    return output.rank() == 3 && output.dimension(2) == columns;
  }

  @Override
  public List<Face> detect(FaceImage image) {
    List<Face> faces = new ArrayList<>();
    for (Face face :
        options.limit(boxes.run(boxTranslator, image), image.width(), image.height())) {
      List<Point> all =
          points.run(pointTranslator, CropTransform.square(image, face.box(), 1, pointSize));
      Landmarks landmarks = SixtyEightPoints.toFive(all);
      faces.add(new Face(face.box(), face.score(), Optional.of(landmarks)));
    }
    return List.copyOf(faces);
  }

  @Override
  public void close() {
    boxes.close();
    points.close();
  }
}
