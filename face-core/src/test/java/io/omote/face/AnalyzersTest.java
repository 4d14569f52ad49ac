// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.AgeAndSex.Sex;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.Liveness;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.Landmarks106Model;
import io.omote.face.description.Landmarks68Model;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.QualityModel;
import io.omote.face.internal.network.Network;
import io.omote.face.internal.network.Networks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Analyzers of synthetic networks, whose rows are known. */
class AnalyzersTest {
  private static final long FREE = SyntheticModels.FREE;

  /** Gray at the left, red at the right. */
  private static final FaceImage IMAGE = image();

  private static final Face LEFT = face(60);
  private static final Face RIGHT = face(240);

  @TempDir private Path folder;

  private static FaceImage image() {
    byte[] bgr = new byte[3 * 300 * 200];
    for (int i = 0; i < bgr.length; i++) {
      boolean left = i / 3 % 300 < 150;
      bgr[i] = (byte) (left ? 100 : i % 3 == 2 ? 200 : 0);
    }
    return FaceImage.ofBgr(bgr, 300, 200);
  }

  /** A face of 40x60 pixels around a point. */
  private static Face face(float x) {
    return new Face(
        new BoundingBox(x - 20, 70, x + 20, 130),
        0.9f,
        Optional.of(
            new Landmarks(
                new Point(x - 10, 90),
                new Point(x + 10, 90),
                new Point(x, 100),
                new Point(x - 8, 115),
                new Point(x + 8, 115))));
  }

  private Path rows(String name, long planes, long side, float... bias) throws IOException {
    float[] none = new float[(int) planes * bias.length];
    return SyntheticModels.rows(folder.resolve(name), FREE, planes, side, false, none, bias);
  }

  private static float[] constant(int columns, float value) {
    float[] row = new float[columns];
    Arrays.fill(row, value);
    return row;
  }

  /** Age and sex that depend on the color: the more red, the older. */
  private AgeAndSexModel seeing(long batch) throws IOException {
    float[] weights = new float[9];
    weights[2] = 0.002f; // of red
    weights[3] = 0.01f; // of green
    return AgeAndSexModel.of(
        SyntheticModels.rows(
            folder.resolve("seeing" + batch + ".onnx"), batch, 3, 96, false, weights, 0, 0, 0.1f));
  }

  private LivenessModel miniFasNet(boolean firstSqueezes, boolean secondSqueezes)
      throws IOException {
    float[] none = new float[9];
    return LivenessModel.of(
        SyntheticModels.rows(folder.resolve("v2.onnx"), 1, 3, 80, firstSqueezes, none, 0, 1, 0),
        SyntheticModels.rows(folder.resolve("v1.onnx"), 1, 3, 80, secondSqueezes, none, 2, 2, 2));
  }

  @Test
  void table_hasEachDescriptionOnce() {
    assertThat(Networks.analyzers())
        .<Object>extracting(Network::description)
        .containsExactlyInAnyOrder((Object[]) AnalyzerModel.class.getPermittedSubclasses());
    assertThat(Networks.analyzers())
        .extracting(Network::manifestName)
        .doesNotHaveDuplicates()
        .allSatisfy(name -> assertThat(Networks.analyzer(name)).isPresent())
        .allSatisfy(name -> assertThat(Networks.detector(name)).isEmpty());
  }

  static Stream<String> names() {
    return Networks.analyzers().stream().map(Network::manifestName);
  }

  @ParameterizedTest
  @MethodSource("names")
  void describe_takesAsManyFilesAsThereAreNetworks(String name) {
    Network<? extends AnalyzerModel<?>> network = Networks.analyzer(name).orElseThrow();
    List<ModelFile> files =
        Collections.nCopies(network.fileCount(), ModelFile.of(folder.resolve("x.onnx")));
    AnalyzerModel<?> described = network.describe(files);
    assertThat(described.files()).isEqualTo(files);
    assertThat(described).isInstanceOf(network.description());
    assertThatThrownBy(() -> network.describe(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(name, "found 0");
  }

  @Test
  void landmarks106_areInPixelsOfTheImage() throws IOException {
    float[] row = constant(212, 0);
    row[2] = 1;
    row[3] = -1;
    try (FaceAnalyzer<DenseLandmarks> analyzer =
        FaceAnalyzer.create(Landmarks106Model.of(rows("106.onnx", 3, 192, row)))) {
      DenseLandmarks points = analyzer.analyze(IMAGE, LEFT);
      assertThat(points.size()).isEqualTo(106);
      assertThat(points.hasDepth()).isFalse();
      assertThat(points.x(0)).isCloseTo(60, within(1e-3f));
      assertThat(points.y(0)).isCloseTo(100, within(1e-3f));
      assertThat(points.x(1)).isCloseTo(60 + 45, within(1e-3f));
      assertThat(points.y(1)).isCloseTo(100 - 45, within(1e-3f));
      assertThatThrownBy(() -> points.z(0)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> points.x(106)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThat(points.toString()).isEqualTo("DenseLandmarks[106 points]");
    }
  }

  @Test
  void landmarks68_areTheLastOnes_withDepth() throws IOException {
    float[] row = constant(3309, 9);
    Arrays.fill(row, 3309 - 3 * 68, 3309, 0);
    row[3309 - 3 * 68 + 2] = 0.5f;
    try (FaceAnalyzer<DenseLandmarks> analyzer =
        FaceAnalyzer.create(Landmarks68Model.of(rows("68.onnx", 3, 192, row)))) {
      DenseLandmarks points = analyzer.analyze(IMAGE, RIGHT);
      assertThat(points.size()).isEqualTo(68);
      assertThat(points.x(0)).isCloseTo(240, within(1e-3f));
      assertThat(points.z(0)).isCloseTo(22.5f, within(1e-3f));
      assertThat(points.z(67)).isZero();
    }
  }

  @Test
  void landmarks68In2D_areFractionsOfTheSquareAboutTheBox() throws IOException {
    float[] row = constant(136, 0.5f);
    row[0] = 0;
    row[1] = 1;
    try (FaceAnalyzer<DenseLandmarks> analyzer =
        FaceAnalyzer.create(Landmarks68Model2D.of(rows("flat.onnx", 1, 64, row)))) {
      DenseLandmarks points = analyzer.analyze(IMAGE, LEFT);
      assertThat(points.x(0)).isCloseTo(30, within(1e-3f));
      assertThat(points.y(0)).isCloseTo(130, within(1e-3f));
      assertThat(points.x(67)).isCloseTo(60, within(1e-3f));
    }
  }

  @Test
  void ageAndSex_areThoseOfTheRow() throws IOException {
    try (FaceAnalyzer<AgeAndSex> analyzer =
        FaceAnalyzer.create(AgeAndSexModel.of(rows("age.onnx", 3, 96, 1.5f, -2, 0.425f)))) {
      AgeAndSex guess = analyzer.analyze(IMAGE, LEFT);
      assertThat(guess.female()).isEqualTo(1.5f);
      assertThat(guess.male()).isEqualTo(-2);
      assertThat(guess.sex()).isEqualTo(Sex.FEMALE);
      assertThat(guess.age()).as("halves go to the even number").isEqualTo(42);
    }
    assertThat(new AgeAndSex(20, 0, 1).sex()).isEqualTo(Sex.MALE);
  }

  @Test
  void liveness_isTheMeanOfBoth() throws IOException {
    try (FaceAnalyzer<Liveness> analyzer = FaceAnalyzer.create(miniFasNet(false, true))) {
      Liveness liveness = analyzer.analyze(IMAGE, RIGHT);
      double first = Math.E / (2 + Math.E);
      assertThat((double) liveness.scores().get(0)).isCloseTo(first, within(1e-6));
      assertThat((double) liveness.scores().get(1)).isCloseTo(1 / 3.0, within(1e-6));
      assertThat(liveness.score()).isCloseTo((first + 1 / 3.0) / 2, within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {96, 112})
  void quality_isThatOfTheRow_andNamesItsModel(long side) throws IOException {
    QualityModel model = QualityModel.of(rows("quality.onnx", 3, side, 0.75f));
    try (FaceAnalyzer<FaceQuality> analyzer = FaceAnalyzer.create(model)) {
      FaceQuality quality = analyzer.analyze(IMAGE, LEFT);
      assertThat(quality.score()).isEqualTo(0.75f);
      assertThat(quality.modelId()).startsWith("quality:");
      Face withoutLandmarks = new Face(LEFT.box(), 1, Optional.empty());
      assertThatThrownBy(() -> analyzer.analyze(IMAGE, withoutLandmarks))
          .isInstanceOf(AlignmentException.class);
    }
  }

  @Test
  void analyze_together_isOneByOne_inTheOrderOfTheFaces() throws IOException {
    List<Face> faces = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      faces.add(face(20 + 3.5f * i));
    }
    try (FaceAnalyzer<AgeAndSex> free = FaceAnalyzer.create(seeing(FREE));
        FaceAnalyzer<AgeAndSex> single = FaceAnalyzer.create(seeing(1))) {
      List<AgeAndSex> together = free.analyze(IMAGE, faces);
      assertThat(together).hasSize(70);
      assertThat(Set.copyOf(together)).hasSizeGreaterThan(20);
      assertThat(single.analyze(IMAGE, faces)).isEqualTo(together);
      for (int i = 0; i < faces.size(); i++) {
        assertThat(free.analyze(IMAGE, faces.get(i))).isEqualTo(together.get(i));
      }
      assertThat(free.analyze(IMAGE, List.of())).isEmpty();
    }
  }

  @Test
  void analyze_byEightThreads_isThatOfOne() throws Exception {
    try (FaceAnalyzer<AgeAndSex> analyzer = FaceAnalyzer.create(seeing(FREE))) {
      AgeAndSex left = analyzer.analyze(IMAGE, LEFT);
      AgeAndSex right = analyzer.analyze(IMAGE, RIGHT);
      assertThat(left).isNotEqualTo(right);
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        List<Future<List<AgeAndSex>>> results = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          List<Face> faces = i % 2 == 0 ? List.of(LEFT, RIGHT) : List.of(RIGHT, LEFT);
          results.add(threads.submit(() -> analyzer.analyze(IMAGE, faces)));
        }
        for (int i = 0; i < results.size(); i++) {
          assertThat(results.get(i).get())
              .isEqualTo(i % 2 == 0 ? List.of(left, right) : List.of(right, left));
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f})
  void analyze_numbersThatMeanNothing_areRefused(float number) throws IOException {
    List<AnalyzerModel<?>> models =
        List.of(
            Landmarks106Model.of(rows("a.onnx", 3, 192, constant(212, number))),
            Landmarks68Model.of(rows("b.onnx", 3, 192, constant(3309, number))),
            Landmarks68Model2D.of(rows("c.onnx", 1, 64, constant(136, number))),
            AgeAndSexModel.of(rows("d.onnx", 3, 96, 0, 0, number)));
    for (AnalyzerModel<?> model : models) {
      try (FaceAnalyzer<?> analyzer = FaceAnalyzer.create(model)) {
        assertThatThrownBy(() -> analyzer.analyze(IMAGE, LEFT))
            .as(model.toString())
            .isInstanceOf(ModelException.class)
            .hasMessageContainingAll("the outputs of ", "do not describe a face")
            .hasNoCause();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void create_ofFilesOfAnotherKind_isRefused(String name) throws IOException {
    List<Path> all =
        List.of(
            rows("landmarks106.onnx", 3, 192, constant(212, 0)),
            rows("landmarks68.onnx", 3, 192, constant(3309, 0)),
            rows("landmarks68-2d.onnx", 1, 64, constant(136, 0)),
            rows("age-and-sex.onnx", 3, 96, constant(3, 0)),
            rows("liveness.onnx", 3, 80, constant(3, 0)),
            rows("quality.onnx", 3, 96, constant(1, 0)),
            rows("two-sides.onnx", 3, 64, constant(1, 0)),
            GeneratedModels.embedder(folder).file().path().orElseThrow(),
            GeneratedModels.detector(folder).file().path().orElseThrow());
    for (Path file : all) {
      if (!file.getFileName().toString().equals(name + ".onnx")) {
        Network<? extends AnalyzerModel<?>> network = Networks.analyzer(name).orElseThrow();
        AnalyzerModel<?> model =
            network.describe(Collections.nCopies(network.fileCount(), ModelFile.of(file)));
        assertThatThrownBy(() -> FaceAnalyzer.create(model))
            .isInstanceOf(ModelException.class)
            .hasMessageContainingAll("of the kind " + name, file.getFileName().toString());
      }
    }
  }

  @Test
  void ofDirectory_findsTheAnalyzersBesideTheOthers() throws IOException {
    Path detector = GeneratedModels.detector(folder).file().path().orElseThrow();
    Path embedder = GeneratedModels.embedder(folder).file().path().orElseThrow();
    Path points = rows("1k3d68.onnx", 3, 192, constant(3309, 0));
    Path age = rows("genderage.onnx", 3, 96, constant(3, 0));
    Path quality = rows("quality.onnx", 3, 112, constant(1, 0));
    miniFasNet(false, true);
    FaceModels models = FaceModels.ofDirectory(folder);
    assertThat(models.withAnalyzers(List.of())).isEqualTo(FaceModels.of(detector, embedder));
    assertThat(models.analyzers())
        .containsExactly(
            Landmarks68Model.of(points), AgeAndSexModel.of(age), QualityModel.of(quality));
    assertThat(models.analyzer(AgeAndSexModel.class)).contains(AgeAndSexModel.of(age));
    assertThat(models.analyzer(LivenessModel.class)).isEmpty();
    try (FaceAnalyzer<AgeAndSex> analyzer =
        FaceAnalyzer.create(models.analyzer(AgeAndSexModel.class).orElseThrow())) {
      assertThat(analyzer.analyze(IMAGE, LEFT).age()).isZero();
    }
  }

  @Test
  void create_ofOneLivenessFileTwice_isRefused() throws IOException {
    for (boolean hasSqueeze : new boolean[] {false, true}) {
      LivenessModel twice = miniFasNet(hasSqueeze, hasSqueeze);
      assertThatThrownBy(() -> FaceAnalyzer.create(twice))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("give each once");
    }
  }

  @Test
  void create_ofLivenessFiles_takesThemInAnyOrder() throws IOException {
    LivenessModel ordered = miniFasNet(false, true);
    LivenessModel swapped = new LivenessModel(ordered.v1se(), ordered.v2());
    try (FaceAnalyzer<Liveness> one = FaceAnalyzer.create(ordered);
        FaceAnalyzer<Liveness> other = FaceAnalyzer.create(swapped)) {
      assertThat(other.analyze(IMAGE, LEFT)).isEqualTo(one.analyze(IMAGE, LEFT));
    }
  }

  @Test
  void embedder_ofAQualityNetwork_isRefused() throws IOException {
    EmbedderModel quality = EmbedderModel.of(rows("quality.onnx", 3, 112, constant(1, 0)));
    assertThatThrownBy(() -> FaceEmbedder.builder(quality).build())
        .isInstanceOf(ModelException.class);
  }

  @Test
  void close_thenUse_isAnError() throws IOException {
    FaceAnalyzer<Liveness> analyzer = FaceAnalyzer.create(miniFasNet(false, true));
    analyzer.close();
    analyzer.close();
    assertThatThrownBy(() -> analyzer.analyze(IMAGE, LEFT))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("analyzer");
  }
}
