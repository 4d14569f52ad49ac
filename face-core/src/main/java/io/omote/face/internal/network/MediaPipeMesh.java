// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.types.Shape;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.ExpressionCoefficient;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.OnnxGraph.Value;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.options.NetworkOptions;
import java.nio.FloatBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * MediaPipe's face mesh, and the network of expression coefficients that may follow it.
 *
 * <p>Mesh: input {@code [N,256,256,3]}, RGB, 0 to 1, the square of 1.5 times the longer side of the
 * box, rotated so that the eyes are level; outputs 478 times x, y and z in pixels of the input, the
 * logit of presence, and one more that is not used. The second pass takes the same square of the
 * first pass's points. Coefficients: input {@code [1,146,2]}, x and y of points; output {@code
 * [52]}, 0 to 1.
 *
 * <p>V. Bazarevsky et al., "Attention Mesh", 2020; regions and order as in MediaPipe's graphs
 * {@code face_landmarks_detector_graph} and {@code face_blendshapes_graph}.
 */
final class MediaPipeMesh extends AnalyzerNetwork<FaceMesh> {
  private static final int SIDE = 256;
  private static final int PLANES = 3;

  /** The numbers of the outputs for a face: points, logit of presence, not used. */
  private static final long[] COLUMNS = {3L * FaceMesh.POINTS, 1, 1};

  private static final Sampler RGB = Sampler.interleavedRgb(new Normalization(0, 255));

  /** The side of the square, as a multiple of the longer side of the box. */
  private static final double CONTEXT = 1.5;

  /** The outer corners of the right and the left eye. */
  private static final int RIGHT_CORNER = 33;

  private static final int LEFT_CORNER = 263;

  /** The points that the coefficients are computed from. */
  private static final int[] SUBSET = {
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66,
    67, 70, 78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144,
    145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173,
    176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283, 284,
    285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332,
    334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386,
    387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473,
    474, 475, 476, 477
  };

  private static final List<ExpressionCoefficient> COEFFICIENTS =
      List.of(ExpressionCoefficient.values());

  private static final String COEFFICIENTS_SIGNATURE =
      "input [1,146,2]; output [52]; both 32-bit floats";

  MediaPipeMesh() {
    super(
        "face-mesh",
        FaceMeshModel.class,
        2,
        files ->
            files.size() == 1
                ? FaceMeshModel.of(files.get(0))
                : FaceMeshModel.of(files.get(0), files.get(1)));
  }

  @Override
  int requiredFiles() {
    return 1;
  }

  @Override
  boolean fits(OnnxGraph graph) {
    if (graph.inputs().size() != 1
        || graph.outputs().size() != COLUMNS.length
        || !graph.isOfFloats()) {
      return false;
    }
    Value input = graph.inputs().get(0);
    return input.rank() == 4
        && input.dimension(1) == SIDE
        && input.dimension(2) == SIDE
        && input.dimension(3) == PLANES
        && IntStream.range(0, COLUMNS.length)
            .allMatch(i -> hasColumns(graph.outputs().get(i), COLUMNS[i]))
        // Presence and the output that is not used differ only in their rank.
        && graph.outputs().get(1).rank() == graph.outputs().get(0).rank();
  }

  private static boolean hasColumns(Value output, long columns) {
    return output.rank() > 0 && output.dimension(output.rank() - 1) == columns;
  }

  /** Returns whether a graph is the network of the coefficients. */
  boolean fitsCoefficients(OnnxGraph graph) {
    if (graph.inputs().size() != 1 || graph.outputs().size() != 1 || !graph.isOfFloats()) {
      return false;
    }
    Value input = graph.inputs().get(0);
    return input.rank() == 3
        && input.dimension(1) == SUBSET.length
        && input.dimension(2) == 2
        && hasColumns(graph.outputs().get(0), COEFFICIENTS.size());
  }

  @Override
  String signature() {
    return "input [N,256,256,3]; outputs [N,1,1,1434], [N,1,1,1] and [N,1]; all 32-bit floats";
  }

  @Override
  String advice(OnnxGraph found) {
    return fitsCoefficients(found)
        ? ", which computes coefficients: give the file of the points first, then this one"
        : "";
  }

  @Override
  FaceAnalyzer<FaceMesh> open(AnalyzerModel<FaceMesh> description, NetworkOptions options) {
    FaceMeshModel model = (FaceMeshModel) description;
    OnnxFile mesh = OnnxFile.read(model.mesh());
    check(mesh.graph(), mesh.name());
    RowTranslator.checkBatch(mesh.graph(), mesh.name());
    Optional<OnnxFile> coefficients = model.coefficients().map(OnnxFile::read);
    coefficients.ifPresent(this::checkCoefficients);
    FaceAnalyzer<FaceMesh> points =
        new Points(OnnxModel.open(mesh, options), pointsOf(mesh), model.isSinglePass());
    try {
      return coefficients
          .<FaceAnalyzer<FaceMesh>>map(
              file ->
                  new Completed(
                      points,
                      OnnxModel.open(file, options),
                      coefficientsOf(file, MediaPipeMesh::angle)))
          .orElse(points);
    } catch (RuntimeException | Error e) {
      points.close();
      throw e;
    }
  }

  private void checkCoefficients(OnnxFile file) {
    if (!fitsCoefficients(file.graph())) {
      throw refusal(
          "the coefficients of a face mesh", COEFFICIENTS_SIGNATURE, file.graph(), file.name());
    }
    RowTranslator.checkBatch(file.graph(), file.name());
  }

  /** Returns the translator of the mesh. */
  static RowTranslator<CropTransform, FaceMesh> pointsOf(OnnxFile file) {
    return new RowTranslator<>(
        file.name(),
        file.graph(),
        new Shape(SIDE, SIDE, PLANES),
        COLUMNS,
        (crop, input) -> RGB.warp(crop, SIDE, SIDE, input),
        MediaPipeMesh::mesh);
  }

  private static FaceMesh mesh(float[] row, CropTransform crop) {
    double scale = Math.hypot(crop.toImage().xx(), crop.toImage().yx());
    float[] xyz = new float[3 * FaceMesh.POINTS];
    for (int i = 0; i < xyz.length; i += 3) {
      RowNetwork.put(crop, row[i], row[i + 1], xyz, i);
      xyz[i + 2] = (float) (row[i + 2] * scale);
    }
    double presence = 1 / (1 + Math.exp(-row[xyz.length]));
    return FaceMesh.of(presence, DenseLandmarks.withDepth(xyz));
  }

  /**
   * Returns the translator of the coefficients, which adds them to a mesh.
   *
   * <p>The network is not invariant to rotation, unlike to shift and scale: at 10 degrees a
   * coefficient differs by up to 0.08, at 90 degrees by up to 0.7. So that the coefficients do not
   * depend on how the face is rotated in the image, the points are turned back; MediaPipe does not.
   *
   * @param angle by how much the points are turned back, in radians
   */
  static RowTranslator<FaceMesh, FaceMesh> coefficientsOf(
      OnnxFile file, ToDoubleFunction<DenseLandmarks> angle) {
    return new RowTranslator<>(
        file.name(),
        file.graph(),
        new Shape(SUBSET.length, 2),
        new long[] {COEFFICIENTS.size()},
        (mesh, input) -> fill(mesh.points(), angle.applyAsDouble(mesh.points()), input),
        (row, mesh) -> mesh.withCoefficients(coefficients(row)));
  }

  private static void fill(DenseLandmarks points, double angle, FloatBuffer input) {
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    for (int i = 0; i < SUBSET.length; i++) {
      double x = (double) points.x(SUBSET[i]) - points.x(0);
      double y = (double) points.y(SUBSET[i]) - points.y(0);
      input.put(2 * i, (float) (x * cos + y * sin));
      input.put(2 * i + 1, (float) (y * cos - x * sin));
    }
  }

  private static Map<ExpressionCoefficient, Double> coefficients(float[] row) {
    Map<ExpressionCoefficient, Double> coefficients = new EnumMap<>(ExpressionCoefficient.class);
    for (ExpressionCoefficient coefficient : COEFFICIENTS) {
      coefficients.put(coefficient, (double) row[coefficient.ordinal()]);
    }
    return coefficients;
  }

  /** Returns the region of the first pass, around the box of a face. */
  static CropTransform region(FaceImage image, Face face) {
    BoundingBox box = face.box();
    double angle = face.landmarks().map(MediaPipeMesh::angle).orElse(0.0);
    return crop(image, box.centerX(), box.centerY(), box.width(), box.height(), angle);
  }

  /** Returns the region of the second pass, around the points of the first. */
  static CropTransform region(FaceImage image, DenseLandmarks points) {
    double angle = angle(points);
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double left = Double.POSITIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < points.size(); i++) {
      double x = points.x(i) * cos + points.y(i) * sin;
      double y = points.y(i) * cos - points.x(i) * sin;
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x);
      bottom = Math.max(bottom, y);
    }
    double x = (left + right) / 2;
    double y = (top + bottom) / 2;
    return crop(image, x * cos - y * sin, x * sin + y * cos, right - left, bottom - top, angle);
  }

  private static CropTransform crop(
      FaceImage image, double x, double y, double width, double height, double angle) {
    // A box may be empty, but not the square, because the network's points are scaled with it.
    double side = CONTEXT * Math.max(1, Math.max(width, height));
    return CropTransform.rotated(image, x, y, side, angle, SIDE);
  }

  /** Returns by how much a face is rotated clockwise in the image, in radians. */
  private static double angle(Landmarks landmarks) {
    return Math.atan2(
        (double) landmarks.rightEye().y() - landmarks.leftEye().y(),
        (double) landmarks.rightEye().x() - landmarks.leftEye().x());
  }

  static double angle(DenseLandmarks points) {
    return Math.atan2(
        (double) points.y(LEFT_CORNER) - points.y(RIGHT_CORNER),
        (double) points.x(LEFT_CORNER) - points.x(RIGHT_CORNER));
  }

  /** Runs the mesh once or twice. Thread-safe. */
  private record Points(
      OnnxModel model, RowTranslator<CropTransform, FaceMesh> translator, boolean singlePass)
      implements FaceAnalyzer<FaceMesh> {
    @Override
    public List<FaceMesh> analyze(FaceImage image, List<Face> faces) {
      List<FaceMesh> first =
          translator.run(model, faces.stream().map(face -> region(image, face)).toList());
      return singlePass
          ? first
          : translator.run(
              model, first.stream().map(mesh -> region(image, mesh.points())).toList());
    }

    @Override
    public void close() {
      model.close();
    }
  }

  /** Adds the coefficients to each mesh. Thread-safe. */
  private record Completed(
      FaceAnalyzer<FaceMesh> points, OnnxModel model, RowTranslator<FaceMesh, FaceMesh> translator)
      implements FaceAnalyzer<FaceMesh> {
    @Override
    public List<FaceMesh> analyze(FaceImage image, List<Face> faces) {
      return translator.run(model, points.analyze(image, faces));
    }

    @Override
    public void close() {
      try (points) {
        model.close();
      }
    }
  }
}
