// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static io.omote.face.models.TestPack.DETECTOR;
import static io.omote.face.models.TestPack.EXTRA;
import static io.omote.face.models.TestPack.NAME;
import static io.omote.face.models.TestPack.RECOGNISER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceModels;
import io.omote.face.ModelException;
import io.omote.face.model.AgeAndSexModel;
import io.omote.face.model.AnalyzerModel;
import io.omote.face.model.FlatLandmarks68Model;
import io.omote.face.model.Landmarks106Model;
import io.omote.face.model.Landmarks68Model;
import io.omote.face.model.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The networks of packs that look at faces: fetched only when they are asked for. */
class AnalyzersOfPacksTest {
  private static final String SINGLE = "/single/";

  @TempDir private Path temp;
  private final TestPack pack = TestPack.ofNoise();
  private LocalServer server;

  @BeforeEach
  void start() {
    server = new LocalServer();
    for (String name : List.of(DETECTOR, RECOGNISER, EXTRA)) {
      server.serve(SINGLE + name, pack.content(name));
    }
    pack.singleFiles(server.uri(SINGLE));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ModelPack withAnalyzers(List<Map<String, Object>> analyzers) {
    Map<String, Object> manifest = pack.manifest();
    manifest.put("analyzers", analyzers);
    return ModelStore.builder()
        .directory(temp.resolve("store"))
        .insightFaceDirectory(temp.resolve("none"))
        .manifest(TestPack.write(temp, manifest))
        .build()
        .get(NAME);
  }

  private ModelPack withPoints() {
    return withAnalyzers(List.of(Map.of("kind", "landmarks106", "files", List.of(EXTRA))));
  }

  private static List<ModelFile> files(AnalyzerModel<?> analyzer) {
    return analyzer.files();
  }

  @Test
  void fetchAnalyzer_transfersItsFileAlone() {
    ModelPack tiny = withPoints();
    assertThatThrownBy(() -> tiny.analyzer(Landmarks106Model.class))
        .isInstanceOf(ModelNotAvailableException.class)
        .hasMessageContaining(EXTRA);
    assertThat(server.bytes()).isZero();

    Landmarks106Model points = tiny.fetchAnalyzer(Landmarks106Model.class);

    assertThat(server.bytes()).isEqualTo(pack.size(EXTRA));
    assertThat(points.file().path()).contains(temp.resolve("store").resolve(NAME).resolve(EXTRA));
    assertThat(points.file().sha256()).contains(TestPack.sha256(pack.content(EXTRA)));
    assertThat(tiny.analyzer(Landmarks106Model.class)).isEqualTo(points);
    assertThat(tiny.isAvailable()).as("the detector is not here").isFalse();
    assertThat(tiny.fetch().analyzers()).isEqualTo(List.of(points));
  }

  @Test
  void models_namesTheAnalyzersThatAreHere() {
    ModelPack tiny = withPoints();
    assertThat(tiny.analyzers()).isEqualTo(List.of(Landmarks106Model.class));
    FaceModels models = tiny.fetch();
    assertThat(models.analyzers()).isEmpty();
    FaceModels all = tiny.withAllFiles().fetch();
    assertThat(all.analyzers()).hasSize(1);
    assertThat(tiny.models()).isEqualTo(all);
  }

  @Test
  void fetchAnalyzer_ofAnotherKind_saysWhichThereAre() {
    assertThatThrownBy(() -> withPoints().fetchAnalyzer(AgeAndSexModel.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(NAME, "Landmarks106Model", "found AgeAndSexModel");
  }

  @Test
  void fetchAnalyzer_withoutTheLicence_isRefused() {
    pack.nonCommercial();
    ModelPack tiny = withPoints();
    assertThatThrownBy(() -> tiny.fetchAnalyzer(Landmarks106Model.class))
        .isInstanceOf(LicenseNotAcceptedException.class);
    assertThat(server.bytes()).isZero();
    List<FetchProgress> heard = new ArrayList<>();
    tiny.acceptLicense().fetchAnalyzer(Landmarks106Model.class, heard::add);
    assertThat(heard).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "landmarks107, points_tiny.onnx, none of landmarks106 (files: 1)",
    "liveness, points_tiny.onnx, none of landmarks106 (files: 1)",
    "landmarks106, other.onnx, a file of an analyzer is not among the files"
  })
  void manifest_ofAnotherAnalyzer_isRefused(String kind, String file, String problem) {
    assertThatThrownBy(() -> withAnalyzers(List.of(Map.of("kind", kind, "files", List.of(file)))))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"buffalo_l", "buffalo_m", "buffalo_s", "antelopev2"})
  void packs_ofInsightFace_nameTheirAnalyzers(String name) {
    assertThat(ModelZoo.get(name).analyzers())
        .isEqualTo(List.of(Landmarks106Model.class, Landmarks68Model.class, AgeAndSexModel.class));
  }

  @Test
  void lite_bringsItsPoints() {
    AnalyzerModel<?> points = ModelZoo.lite().analyzers().get(0);
    assertThat(points).isInstanceOf(FlatLandmarks68Model.class);
    assertThat(files(points).get(0).name()).contains("fr_landmark");
    assertThat(ModelZoo.get("lite").analyzer(FlatLandmarks68Model.class)).isEqualTo(points);
  }
}
