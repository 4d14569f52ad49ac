// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.Normalization;
import io.omote.face.description.UltraLightModel;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.OnnxGraph.Value;
import io.omote.face.internal.geometry.Letterbox;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.options.DetectorOptions;
import io.omote.face.internal.options.NetworkOptions;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * UltraLight detectors: a box network, then {@link Landmarks68In2D} on each face, whose points are
 * reduced to five landmarks.
 *
 * <p>The box network: input {@code [1,3,H,W]}, RGB, {@code (x - 127) / 128}; outputs scores {@code
 * [1,n,2]}, whose column 1 is the face, and corners {@code [1,n,4]} as fractions of the input.
 */
final class UltraLight extends DetectorNetwork {
  private static final float SCORE_THRESHOLD = 0.65f;
  private static final float IOU_THRESHOLD = 0.4f;

  /**
   * The mean distance of the points of two boxes, in distances of the eyes, below which they belong
   * to one face. Of 718 boxes in 600 images, five lie between two heads: theirs is at most 0.46.
   * That of all others is at least 0.94.
   */
  private static final double ONE_FACE = 0.65;

  /** The largest score that counts: the next float is 1, whose odds are infinite. */
  private static final float CERTAIN = 1 - 0x1p-24f;

  /** The growths of the box: more at the left and top, so that its center moves, too. */
  private static final float[] GROWTHS = {0.08f, -0.08f};

  /**
   * The weight of moving landmarks against the logarithm of the score's odds. Of 690 upright faces,
   * 5 are surer in another position; by the score alone 16, by the landmarks alone 7.
   */
  private static final double STEADINESS = 150;

  /** The offset at which 4 of the 97 false faces in turned images have a certainty of 0 or more. */
  private static final double SURE = 3;

  private static final Landmarks68In2D POINTS = new Landmarks68In2D();

  UltraLight() {
    super(
        "ultralight",
        "the box network of an UltraLight detector",
        UltraLightModel.class,
        2,
        files -> new UltraLightModel(files.get(0), files.get(1)),
        Sampler.rgb(new Normalization(127, 128)),
        SCORE_THRESHOLD,
        IOU_THRESHOLD,
        List.of());
  }

  @Override
  boolean fits(OnnxGraph graph) {
    return graph.takesColorImages()
        && isFixed(graph.inputs().get(0))
        && graph.outputs().size() == 2
        && hasColumns(graph.outputs().get(0), 2)
        && hasColumns(graph.outputs().get(1), 4);
  }

  private static boolean isFixed(Value input) {
    return input.dimension(1) != Value.FREE
        && input.dimension(2) != Value.FREE
        && input.dimension(3) != Value.FREE;
  }

  private static boolean hasColumns(Value output, int columns) {
    return output.rank() == 3 && output.dimension(2) == columns;
  }

  @Override
  String signature() {
    return "input [1,3,H,W] of fixed size; outputs [1,n,2] and [1,n,4]; all 32-bit floats";
  }

  @Override
  List<Face> decode(NDList outputs, Letterbox fit, float threshold) {
    if (outputs.size() != 2) {
      throw wrongOutputs("2", outputs);
    }
    NDArray scores = outputs.get(0);
    long count = scores.getShape().size() / 2;
    return decode(rows(scores, count, 2), rows(outputs.get(1), count, 4), fit, threshold);
  }

  static List<Face> decode(FloatBuffer scores, FloatBuffer boxes, Letterbox fit, float threshold) {
    List<Face> faces = new ArrayList<>();
    for (int i = 0; i < scores.limit() / 2; i++) {
      float score = scores.get(2 * i + 1);
      if (score >= threshold && score < Float.POSITIVE_INFINITY) {
        float[] sides = {
          boxes.get(4 * i) * fit.canvasWidth() / fit.scale(),
          boxes.get(4 * i + 1) * fit.canvasHeight() / fit.scale(),
          boxes.get(4 * i + 2) * fit.canvasWidth() / fit.scale(),
          boxes.get(4 * i + 3) * fit.canvasHeight() / fit.scale()
        };
        Faces.add(faces, score, sides, new float[0]);
      }
    }
    return faces;
  }

  @Override
  UprightDetector openUpright(
      DetectorModel description, DetectorOptions options, NetworkOptions network) {
    UltraLightModel model = (UltraLightModel) description;
    OnnxFile boxes = OnnxFile.read(model.boxes());
    OnnxFile points = OnnxFile.read(model.points());
    check(boxes.graph(), boxes.name());
    POINTS.check(points.graph(), points.name());
    // A box that is dropped for its points must not take the place of another face.
    UprightDetector detector = PassDetector.open(this, boxes, options.withAllFaces(), network);
    try {
      return new TwoStages(detector, openPoints(points, network), options);
    } catch (RuntimeException | Error e) {
      detector.close();
      throw e;
    }
  }

  private static FaceAnalyzer<Landmarks> openPoints(OnnxFile file, NetworkOptions network) {
    int side = RowNetwork.side(file.graph());
    return POINTS.openSquare(
        file,
        network,
        Landmarks68In2D.GRAY,
        1,
        (row, crop) -> {
          // Rounded to floats before mapping, because embeddings depend on it.
          for (int i = 0; i < row.length; i++) {
            row[i] *= side;
          }
          return toFive(Landmarks68In2D.points(row, crop, 1));
        });
  }

  /**
   * Reduces 68 points in the order of iBUG to the five that align a face.
   *
   * @param points the points
   * @return the centers of the eyes (the means of their lids), the tip of the nose, the corners of
   *     the mouth (the means of outer and inner corner)
   * @throws IllegalArgumentException if a point cannot lie in an image
   */
  static Landmarks toFive(DenseLandmarks points) {
    return new Landmarks(
        mean(points, 37, 38, 40, 41),
        mean(points, 43, 44, 46, 47),
        mean(points, 30),
        mean(points, 48, 60),
        mean(points, 54, 64));
  }

  private static Point mean(DenseLandmarks points, int... indices) {
    float x = 0;
    float y = 0;
    for (int index : indices) {
      x += points.x(index);
      y += points.y(index);
    }
    if (!Faces.arePlaces(x, y)) {
      throw new IllegalArgumentException("expected coordinates that can lie in an image");
    }
    return new Point(x / indices.length, y / indices.length);
  }

  /**
   * Returns whether two boxes have the points of one face. Where two heads touch, the network finds
   * a third box between them, whose points go to one of the two.
   */
  static boolean areOfOneFace(Landmarks one, Landmarks other) {
    double eyes =
        Math.min(
            distance(one.leftEye(), one.rightEye()), distance(other.leftEye(), other.rightEye()));
    return distance(one, other) < ONE_FACE * eyes;
  }

  /** Returns the mean distance of corresponding points. */
  private static double distance(Landmarks one, Landmarks other) {
    List<Point> from = one.points();
    List<Point> to = other.points();
    return IntStream.range(0, from.size())
        .mapToDouble(i -> distance(from.get(i), to.get(i)))
        .average()
        .orElseThrow();
  }

  private static double distance(Point from, Point to) {
    return Math.hypot((double) to.x() - from.x(), (double) to.y() - from.y());
  }

  /** Finds boxes, then the landmarks of each. Thread-safe. */
  private record TwoStages(
      UprightDetector boxes, FaceAnalyzer<Landmarks> points, DetectorOptions options)
      implements UprightDetector {
    @Override
    public List<Face> detect(FaceImage image) {
      List<Face> faces = new ArrayList<>();
      for (Face box : boxes.detect(image)) {
        Landmarks landmarks = points.analyze(image, box);
        if (faces.stream()
            .noneMatch(face -> areOfOneFace(face.landmarks().orElseThrow(), landmarks))) {
          faces.add(new Face(box.box(), box.score(), Optional.of(landmarks)));
        }
      }
      return options.limit(List.copyOf(faces), image.width(), image.height());
    }

    /**
     * Scores hardly tell an upright face from one upside down, but the points do: they stay in
     * place if the box of an upright face is a little larger or smaller.
     */
    @Override
    public double certainty(FaceImage image, Face face) {
      double score = Math.min(face.score(), CERTAIN);
      return Math.log(score / (1 - score)) - STEADINESS * movement(image, face) + SURE;
    }

    /** Returns the mean distance that landmarks move, in widths of the box. */
    private double movement(FaceImage image, Face face) {
      Landmarks landmarks = face.landmarks().orElseThrow();
      double sum = 0;
      for (float growth : GROWTHS) {
        Face changed = new Face(grown(face.box(), growth), face.score(), Optional.empty());
        sum += distance(landmarks, points.analyze(image, changed));
      }
      return sum / (GROWTHS.length * face.box().width());
    }

    private static BoundingBox grown(BoundingBox box, float growth) {
      float across = growth * box.width();
      float down = growth * box.height();
      return new BoundingBox(
          box.left() - across, box.top() - down, box.right() + across / 2, box.bottom() + down / 2);
    }

    @Override
    public void close() {
      try (points) {
        boxes.close();
      }
    }
  }
}
