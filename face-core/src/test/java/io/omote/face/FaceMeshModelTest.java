// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.ExpressionCoefficient;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.description.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Face meshes of synthetic networks, whose points are known, and of files of other kinds. */
class FaceMeshModelTest {
  private static final FaceImage IMAGE = FaceImage.ofBgr(new byte[3 * 300 * 200], 300, 200);
  private static final Face FACE =
      new Face(new BoundingBox(100, 60, 140, 140), 1, Optional.empty());

  @TempDir private Path folder;

  /** Points along a line from the top left of the input to its middle, at its depth. */
  private static float[] points() {
    float[] points = new float[3 * FaceMesh.POINTS];
    for (int i = 0; i < FaceMesh.POINTS; i++) {
      points[3 * i] = i * 128f / 477;
      points[3 * i + 1] = points[3 * i];
      points[3 * i + 2] = 64;
    }
    return points;
  }

  private Path mesh() throws IOException {
    return SyntheticModels.mesh(folder.resolve("mesh.onnx"), SyntheticModels.FREE, points(), 0);
  }

  private Path coefficients(float factor) throws IOException {
    return SyntheticModels.coefficients(folder.resolve("coefficients.onnx"), factor);
  }

  @Test
  void points_ofOnePass_areInPixelsOfTheImage() throws IOException {
    try (FaceAnalyzer<FaceMesh> analyzer =
        FaceAnalyzer.create(FaceMeshModel.of(mesh()).withSinglePass())) {
      FaceMesh mesh = analyzer.analyze(IMAGE, FACE);
      assertThat(mesh.presence()).isEqualTo(0.5);
      assertThat(mesh.coefficients()).isEmpty();
      // The square around the box has a side of 120 pixels.
      assertThat(mesh.points().x(0)).isCloseTo(60, within(1e-3f));
      assertThat(mesh.points().y(0)).isCloseTo(40, within(1e-3f));
      assertThat(mesh.points().z(0)).isCloseTo(30, within(1e-3f));
      assertThat(mesh.points().x(477)).isCloseTo(120, within(1e-3f));
      assertThat(mesh.points().y(477)).isCloseTo(100, within(1e-3f));
    }
  }

  @Test
  void points_ofTwoPasses_comeFromASquareAroundThoseOfTheFirst() throws IOException {
    try (FaceAnalyzer<FaceMesh> analyzer = FaceAnalyzer.create(FaceMeshModel.of(mesh()))) {
      FaceMesh mesh = analyzer.analyze(IMAGE, FACE);
      // The first points lie on a diagonal of 60 * sqrt(2), which the second square has level.
      double side = 1.5 * 60 * Math.sqrt(2);
      assertThat((double) mesh.points().x(477)).isCloseTo(90, within(1e-3));
      assertThat((double) mesh.points().y(477)).isCloseTo(70, within(1e-3));
      assertThat((double) mesh.points().x(0)).isCloseTo(90, within(1e-3));
      assertThat((double) mesh.points().y(0)).isCloseTo(70 - side / Math.sqrt(2), within(1e-3));
      assertThat((double) mesh.points().z(0)).isCloseTo(side / 4, within(1e-3));
    }
  }

  @Test
  void coefficients_areAddedToEachFace_inItsOrder() throws IOException {
    FaceMeshModel model = FaceMeshModel.of(mesh(), coefficients(0.001f));
    List<Face> faces = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      faces.add(new Face(new BoundingBox(100, 60, 110 + i, 100), 1, Optional.empty()));
    }
    try (FaceAnalyzer<FaceMesh> analyzer = FaceAnalyzer.create(model)) {
      List<FaceMesh> meshes = analyzer.analyze(IMAGE, faces);
      assertThat(meshes).hasSize(40);
      assertThat(Map.copyOf(meshes.get(0).coefficients()))
          .hasSize(ExpressionCoefficient.values().length)
          .allSatisfy((coefficient, value) -> assertThat(value).isBetween(0.001, 0.5));
      for (int i = 0; i < 40; i++) {
        assertThat(analyzer.analyze(IMAGE, faces.get(i))).isEqualTo(meshes.get(i));
      }
      assertThat(analyzer.analyze(IMAGE, List.of())).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void analyze_numbersThatMeanNothing_areRefused(float number) throws IOException {
    float[] all = new float[3 * FaceMesh.POINTS];
    Arrays.fill(all, number);
    Path odd = SyntheticModels.mesh(folder.resolve("odd.onnx"), 1, all, 0);
    for (FaceMeshModel model :
        List.of(
            FaceMeshModel.of(odd),
            FaceMeshModel.of(mesh(), coefficients(number)),
            FaceMeshModel.of(mesh(), coefficients(1)))) {
      try (FaceAnalyzer<FaceMesh> analyzer = FaceAnalyzer.create(model)) {
        assertThatThrownBy(() -> analyzer.analyze(IMAGE, FACE))
            .isInstanceOf(ModelException.class)
            .hasMessageContainingAll("the outputs of ", "do not describe a face")
            .hasNoCause();
      }
    }
  }

  private static void assertRefused(FaceMeshModel model, String... words) {
    assertThatThrownBy(() -> FaceAnalyzer.create(model))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void create_ofAMeshOf468Points_isRefused() throws IOException {
    Path file = SyntheticModels.mesh(folder.resolve("468.onnx"), 1, new float[3 * 468], 0);
    assertRefused(
        FaceMeshModel.of(file),
        "expected a network of the kind face-mesh (input [N,256,256,3]; outputs [N,1,1,1434], [N,1,1,1]",
        "found a network of another kind in 468.onnx",
        "points[1,1404]");
  }

  /** The presence of such a file would be that of something else. */
  @Test
  void create_ofOutputsInAnotherOrder_isRefused() throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("order");
    graph.addInput(SyntheticModels.value("input", 1, 256, 256, 3));
    graph.addOutput(SyntheticModels.value("points", 1, 1, 1, 1434));
    graph.addOutput(SyntheticModels.value("tongue", 1, 1));
    graph.addOutput(SyntheticModels.value("presence", 1, 1, 1, 1));
    Path file = SyntheticModels.write(folder.resolve("order.onnx"), graph);
    assertRefused(
        FaceMeshModel.of(file),
        "outputs [N,1,1,1434], [N,1,1,1] and [N,1]",
        "outputs [points[1,1,1,1434], tongue[1,1], presence[1,1,1,1]]");
  }

  @Test
  void create_ofASwappedPair_isRefused() throws IOException {
    assertRefused(
        FaceMeshModel.of(coefficients(0), mesh()),
        "expected a network of the kind face-mesh",
        "in coefficients.onnx (inputs [input[1,146,2]], outputs [output[1,52]])",
        "which computes coefficients: give the file of the points first");
  }

  /** A mesh of gray images, and coefficients of another number of points or of two faces. */
  @Test
  void create_ofOtherInputs_isRefused() throws IOException {
    Path gray = withInput(mesh(), "gray.onnx", SyntheticModels.FREE, 256, 256, 1);
    assertRefused(FaceMeshModel.of(gray), "expected a network of the kind face-mesh", "gray.onnx");
    Path all = withInput(coefficients(0), "all.onnx", 1, 478, 2);
    assertRefused(
        FaceMeshModel.of(mesh(), all), "expected the coefficients of a face mesh", "[1,478,2]");
    Path two = withInput(coefficients(0), "two.onnx", 2, 146, 2);
    assertRefused(
        FaceMeshModel.of(mesh(), two), "expected a batch axis of 1 or a free one", "two.onnx");
  }

  private Path withInput(Path model, String name, long... dimensions) throws IOException {
    GraphProto.Builder graph =
        ModelProto.parseFrom(Files.readAllBytes(model)).getGraph().toBuilder();
    String input = graph.getInput(0).getName();
    graph.setInput(0, SyntheticModels.value(input, dimensions));
    return SyntheticModels.write(folder.resolve(name), graph);
  }

  @Test
  void create_ofAMeshTwice_isRefused() throws IOException {
    assertRefused(
        FaceMeshModel.of(mesh(), mesh()),
        "expected the coefficients of a face mesh (input [1,146,2]; output [52]",
        "found a network of the kind face-mesh in mesh.onnx");
  }

  @Test
  void create_ofABatchOfTwo_isRefused() throws IOException {
    Path file = SyntheticModels.mesh(folder.resolve("two.onnx"), 2, points(), 0);
    assertRefused(FaceMeshModel.of(file), "expected a batch axis of 1 or a free one", "two.onnx");
  }

  @Test
  void create_ofOperatorsThatAreNotOnnx_isRefused() throws IOException {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("custom");
    graph.addInput(SyntheticModels.value("input", 1, 256, 256, 3));
    for (String output : List.of("points", "presence", "tongue")) {
      graph.addNode(SyntheticModels.node("Convolution2DTransposeBias", output, "input"));
      graph.addOutput(SyntheticModels.value(output, 1, output.equals("points") ? 1434 : 1));
    }
    Path file = SyntheticModels.write(folder.resolve("custom.onnx"), graph);
    assertRefused(
        FaceMeshModel.of(file),
        "ONNX Runtime cannot load custom.onnx",
        "Convolution2DTransposeBias");
  }

  @Test
  void ofDirectory_takesTheCoefficientsBesideTheMesh() throws IOException {
    GeneratedModels.detector(folder);
    GeneratedModels.embedder(folder);
    Path mesh = mesh();
    assertThat(FaceModels.ofDirectory(folder).analyzers()).containsExactly(FaceMeshModel.of(mesh));
    Path coefficients = coefficients(0);
    assertThat(FaceModels.ofDirectory(folder).analyzers())
        .containsExactly(FaceMeshModel.of(mesh, coefficients));
    Files.copy(coefficients, folder.resolve("other.onnx"));
    assertThat(FaceModels.ofDirectory(folder).analyzers()).containsExactly(FaceMeshModel.of(mesh));
    Files.delete(folder.resolve("other.onnx"));
    Files.delete(mesh);
    assertThat(FaceModels.ofDirectory(folder).analyzers()).isEmpty();
  }

  @Test
  void close_thenUse_isAnError() throws IOException {
    FaceAnalyzer<FaceMesh> analyzer =
        FaceAnalyzer.create(FaceMeshModel.of(mesh(), coefficients(0)));
    analyzer.close();
    analyzer.close();
    assertThatThrownBy(() -> analyzer.analyze(IMAGE, FACE)).isInstanceOf(ClosedException.class);
  }

  @Test
  void model_knowsItsFilesAndPasses() {
    ModelFile mesh = ModelFile.of(folder.resolve("a.onnx"));
    ModelFile other = ModelFile.of(folder.resolve("b.onnx"));
    FaceMeshModel both = FaceMeshModel.of(mesh, other);
    assertThat(both.files()).containsExactly(mesh, other);
    assertThat(FaceMeshModel.of(mesh).files()).containsExactly(mesh);
    assertThat(FaceMeshModel.of(mesh).coefficients()).isEmpty();
    assertThat(both.isSinglePass()).isFalse();
    assertThat(both.withSinglePass().isSinglePass()).isTrue();
    assertThat(both.withSinglePass()).isNotEqualTo(both).isEqualTo(both.withSinglePass());
  }

  /** A mesh of a symmetric face, of which a test moves single points. */
  private static float[] flat() {
    float[] xyz = new float[3 * FaceMesh.POINTS];
    put(xyz, 33, 100, 200);
    put(xyz, 133, 140, 200);
    put(xyz, 362, 180, 200);
    put(xyz, 263, 220, 200);
    for (int[] lids : new int[][] {{160, 144, 110}, {158, 153, 130}, {385, 380, 190}}) {
      put(xyz, lids[0], lids[2], 194);
      put(xyz, lids[1], lids[2], 206);
    }
    put(xyz, 387, 210, 198);
    put(xyz, 373, 210, 202);
    iris(xyz, 468, 120, 200);
    iris(xyz, 473, 210, 195);
    put(xyz, 61, 140, 300);
    put(xyz, 291, 180, 300);
    put(xyz, 13, 160, 290);
    put(xyz, 14, 160, 310);
    return xyz;
  }

  private static void put(float[] xyz, int point, float x, float y) {
    xyz[3 * point] = x;
    xyz[3 * point + 1] = y;
  }

  private static void iris(float[] xyz, int center, float x, float y) {
    put(xyz, center, x, y);
    put(xyz, center + 1, x + 6, y);
    put(xyz, center + 2, x, y - 5);
    put(xyz, center + 3, x - 6, y);
    put(xyz, center + 4, x, y + 5);
  }

  @Test
  void mesh_measuresEyesAndMouth_alsoOfATurnedFace() {
    float[] upright = flat();
    float[] turned = new float[upright.length];
    for (int i = 0; i < upright.length; i += 3) {
      turned[i] = 500 - upright[i + 1];
      turned[i + 1] = upright[i];
    }
    for (float[] xyz : List.of(upright, turned)) {
      FaceMesh mesh = FaceMesh.of(0.9, DenseLandmarks.withDepth(xyz));
      assertThat(mesh.rightEye().openness()).isCloseTo(0.3, within(1e-6));
      assertThat(mesh.leftEye().openness()).isCloseTo((12 + 4) / 80.0, within(1e-6));
      assertThat(mesh.rightEye().irisDiameter()).isCloseTo(11, within(1e-6));
      assertThat(mesh.rightEye().gaze().right()).isCloseTo(0, within(1e-6));
      assertThat(mesh.rightEye().gaze().up()).isCloseTo(0, within(1e-6));
      assertThat(mesh.leftEye().gaze().right()).isCloseTo(0.5, within(1e-6));
      assertThat(mesh.leftEye().gaze().up()).isCloseTo(0.25, within(1e-6));
      assertThat(mesh.mouthOpenness()).isCloseTo(0.5, within(1e-6));
    }
    FaceMesh mesh = FaceMesh.of(0.9, DenseLandmarks.withDepth(upright));
    assertThat(mesh.leftEye().iris()).isEqualTo(new Landmarks.Point(210, 195));
    assertThat(mesh.toString()).isEqualTo("FaceMesh[presence=0.9, 478 points]");
    assertThat(mesh.leftEye().toString() + mesh.leftEye().gaze()).isEqualTo("EyeGaze");
  }

  @Test
  void mesh_whosePointsCoincide_hasZeros() {
    FaceMesh mesh = FaceMesh.of(0, DenseLandmarks.withDepth(new float[3 * FaceMesh.POINTS]));
    assertThat(mesh.leftEye().openness()).isZero();
    assertThat(mesh.leftEye().gaze()).isEqualTo(new FaceMesh.Gaze(0, 0));
    assertThat(mesh.mouthOpenness()).isZero();
    assertThatThrownBy(mesh::pose).isInstanceOf(AlignmentException.class);
  }

  @Test
  void points68_areThoseOfTheMesh_nearerOnesWithLargerZ() {
    float[] xyz = flat();
    xyz[3 * 33 + 2] = -7;
    DenseLandmarks points = FaceMesh.of(1, DenseLandmarks.withDepth(xyz)).points68();
    assertThat(points.size()).isEqualTo(68);
    assertThat(points.x(36)).isEqualTo(100);
    assertThat(points.z(36)).isEqualTo(7);
    assertThat(points.x(45)).isEqualTo(220);
    assertThat(points.x(48)).isEqualTo(140);
    assertThat(points.x(54)).isEqualTo(180);
    assertThat(points.y(62)).isEqualTo(290);
    assertThat(points.y(66)).isEqualTo(310);
  }

  @Test
  void equals_comparesPresencePointsAndCoefficients() {
    FaceMesh mesh = FaceMesh.of(0, DenseLandmarks.withDepth(flat()));
    FaceMesh same = FaceMesh.of(0, DenseLandmarks.withDepth(flat()));
    assertThat(mesh).isEqualTo(same).hasSameHashCodeAs(same);
    float[] others = flat();
    others[0]++;
    assertThat(mesh)
        .isNotEqualTo(FaceMesh.of(-0.0, mesh.points()))
        .isNotEqualTo(FaceMesh.of(1, mesh.points()))
        .isNotEqualTo(FaceMesh.of(0, DenseLandmarks.withDepth(others)))
        .isNotEqualTo(mesh.withCoefficients(all(0)));
    assertThat(mesh.withCoefficients(all(0)))
        .isEqualTo(same.withCoefficients(all(0)))
        .isNotEqualTo(same.withCoefficients(all(1)));
  }

  private static Map<ExpressionCoefficient, Double> all(double value) {
    return Arrays.stream(ExpressionCoefficient.values())
        .collect(Collectors.toMap(each -> each, each -> value));
  }

  @Test
  void withCoefficients_ofNumbersAboveOne_areRefusedWithoutThem() {
    FaceMesh mesh = FaceMesh.of(1, DenseLandmarks.withDepth(flat()));
    assertThatThrownBy(() -> mesh.withCoefficients(all(1.25)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("[0, 1]", "_neutral")
        .hasMessageNotContaining("1.25");
    assertThat(mesh.withCoefficients(all(1)).coefficients()).isUnmodifiable();
  }

  @Test
  void mesh_ofOtherNumbers_isRefused() {
    DenseLandmarks points = DenseLandmarks.withDepth(flat());
    assertThatThrownBy(() -> FaceMesh.of(Double.NaN, points))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> FaceMesh.of(1, DenseLandmarks.of(new float[2 * FaceMesh.POINTS])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("478 points with depth");
    FaceMesh mesh = FaceMesh.of(1, points);
    Map<ExpressionCoefficient, Double> one = Map.of(ExpressionCoefficient.JAW_OPEN, 0.5);
    assertThatThrownBy(() -> mesh.withCoefficients(one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("_neutral", "none");
    assertThat(Collections.emptyMap()).isEqualTo(mesh.coefficients());
  }
}
