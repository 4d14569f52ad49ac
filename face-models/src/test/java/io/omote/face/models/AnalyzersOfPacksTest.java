// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static io.omote.face.models.TestPack.DETECTOR;
import static io.omote.face.models.TestPack.EXTRA;
import static io.omote.face.models.TestPack.NAME;
import static io.omote.face.models.TestPack.RECOGNIZER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceModels;
import io.omote.face.ModelException;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.description.Landmarks106Model;
import io.omote.face.description.Landmarks68Model;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.QualityModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The analyzers of packs: fetched only on request. */
class AnalyzersOfPacksTest {
  private static final String SINGLE = "/single/";

  @TempDir private Path temp;
  private final TestPack pack = TestPack.ofNoise();
  private LocalServer server;

  @BeforeEach
  void start() {
    server = new LocalServer();
    for (String name : List.of(DETECTOR, RECOGNIZER, EXTRA)) {
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
  void fetchAnalyzer_withoutTheLicense_isRefused() {
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
    "landmarks107, points_tiny.onnx, not one of landmarks106 (files: 1)",
    "liveness, points_tiny.onnx, not one of landmarks106 (files: 1)",
    "landmarks106, other.onnx, a file of an analyzer is not among the files"
  })
  void manifest_ofAnotherAnalyzer_isRefused(String kind, String file, String problem) {
    assertThatThrownBy(() -> withAnalyzers(List.of(Map.of("kind", kind, "files", List.of(file)))))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void manifest_ofAFaceMesh_hasOneFileOrTwo() {
    for (List<String> files : List.of(List.of(EXTRA), List.of(EXTRA, DETECTOR))) {
      ModelPack mesh = withAnalyzers(List.of(Map.of("kind", "face-mesh", "files", files)));
      assertThat(mesh.analyzers()).isEqualTo(List.of(FaceMeshModel.class));
      assertThat(files(mesh.fetchAnalyzer(FaceMeshModel.class)))
          .extracting(ModelFile::name)
          .isEqualTo(files);
    }
    List<String> three = List.of(EXTRA, DETECTOR, RECOGNIZER);
    assertThatThrownBy(() -> withAnalyzers(List.of(Map.of("kind", "face-mesh", "files", three))))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("face-mesh (files: 1 to 2)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"buffalo_l", "buffalo_m", "buffalo_s", "antelopev2"})
  void packs_ofInsightFace_nameTheirAnalyzers(String name) {
    assertThat(ModelZoo.get(name).analyzers())
        .isEqualTo(List.of(Landmarks106Model.class, Landmarks68Model.class, AgeAndSexModel.class));
  }

  @Test
  void bundledPacks_bringTheirPoints() {
    Landmarks68Model2D points = ModelZoo.lite().analyzer(Landmarks68Model2D.class).orElseThrow();
    assertThat(files(points).get(0).name()).contains("fr_landmark");
    assertThat(ModelZoo.get("lite").analyzer(Landmarks68Model2D.class)).isEqualTo(points);
    assertThat(ModelZoo.liteFast().analyzer(Landmarks68Model2D.class)).contains(points);
  }

  private ModelStore storeOfAnalyzer(Map<String, Object> manifest) {
    manifest.remove("detector");
    manifest.remove("recognizer");
    return ModelStore.builder()
        .directory(temp.resolve("store"))
        .insightFaceDirectory(temp.resolve("none"))
        .manifest(TestPack.write(temp, manifest))
        .build();
  }

  private Map<String, Object> liveness(String... files) {
    Map<String, Object> manifest = pack.manifest();
    manifest.put("analyzers", List.of(Map.of("kind", "liveness", "files", List.of(files))));
    return manifest;
  }

  @Test
  void analyzerPack_isFetchedVerifiedAndDeleted() {
    AnalyzerPack<LivenessModel> alone =
        storeOfAnalyzer(liveness(DETECTOR, RECOGNIZER)).getAnalyzer(NAME, LivenessModel.class);
    assertThat(alone.kind()).isEqualTo(LivenessModel.class);
    assertThat(alone.isAvailable()).isFalse();
    assertThatThrownBy(alone::model)
        .isInstanceOf(ModelNotAvailableException.class)
        .hasMessageContainingAll(
            DETECTOR, "ModelZoo.getAnalyzer(\"tiny\", LivenessModel.class)", "fetch()");
    assertThat(server.bytes()).isZero();

    LivenessModel liveness = alone.fetch();

    assertThat(alone.isAvailable()).isTrue();
    assertThat(alone.model()).isEqualTo(liveness);
    assertThat(liveness.v2().name()).isEqualTo(DETECTOR);
    assertThat(liveness.v1se().sha256()).contains(TestPack.sha256(pack.content(RECOGNIZER)));
    assertThat(alone.verify())
        .extracting(FileStatus::state)
        .containsOnly(FileStatus.State.VERIFIED);
    long fetched = server.bytes();
    alone.fetch();
    assertThat(server.bytes()).isEqualTo(fetched);
    alone.delete();
    assertThat(alone.isAvailable()).isFalse();
  }

  @Test
  void analyzerPack_ofOtherBytes_isRefused() {
    byte[] flipped = pack.content(EXTRA).clone();
    flipped[100_000] ^= 1;
    server.serve(SINGLE + EXTRA, flipped);
    AnalyzerPack<LivenessModel> alone =
        storeOfAnalyzer(liveness(DETECTOR, EXTRA)).getAnalyzer(NAME, LivenessModel.class);
    assertThatThrownBy(alone::fetch).isInstanceOf(ModelIntegrityException.class);
    assertThat(alone.isAvailable()).isFalse();
  }

  @Test
  void analyzerPack_withoutTheLicense_isRefused() {
    pack.nonCommercial();
    AnalyzerPack<LivenessModel> alone =
        storeOfAnalyzer(liveness(DETECTOR, EXTRA)).getAnalyzer(NAME, LivenessModel.class);
    assertThatThrownBy(alone::fetch)
        .isInstanceOf(LicenseNotAcceptedException.class)
        .hasMessageContaining("LivenessModel.class).acceptLicense()");
    assertThat(server.bytes()).isZero();
    assertThat(alone.acceptLicense().fetch().v2().name()).isEqualTo(DETECTOR);
  }

  @Test
  void get_ofTheOtherKindOfPack_saysWhatItIs() {
    ModelStore store = storeOfAnalyzer(liveness(DETECTOR, RECOGNIZER));
    assertThatThrownBy(() -> store.get(NAME))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("lite", "found 'tiny'", "getAnalyzer");
    assertThatThrownBy(() -> store.getAnalyzer(NAME, QualityModel.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("QualityModel", "found 'tiny'");
    assertThatThrownBy(() -> store.getAnalyzer("lite", Landmarks68Model2D.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'lite'", "fetchAnalyzer");
    assertThatThrownBy(() -> store.getAnalyzer("none", QualityModel.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'none'");
    assertThat(store.list()).extracting(Pack::name).contains(NAME);
  }

  @Test
  void manifest_withoutAnythingOrWithTwoAnalyzers_isRefused() {
    Map<String, Object> none = pack.manifest();
    assertThatThrownBy(() -> storeOfAnalyzer(none))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("neither a detector and a recognizer, nor exactly one analyzer");
    Map<String, Object> two = pack.manifest();
    Map<String, Object> one = Map.of("kind", "quality", "files", List.of(EXTRA));
    two.put("analyzers", List.of(one, one));
    assertThatThrownBy(() -> storeOfAnalyzer(two)).isInstanceOf(ModelException.class);
    Map<String, Object> half = liveness(DETECTOR, EXTRA);
    half.remove("recognizer");
    assertThatThrownBy(() -> ModelStore.builder().manifest(TestPack.write(temp, half)).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("recognizer is missing");
  }

  @Test
  void packsOfAnalyzers_areAsPublished() {
    assertThat(ModelZoo.miniFasNet().files())
        .containsExactly(
            new PackFile(
                "MiniFASNetV2.onnx",
                1_743_561,
                "4eed38f0bde33c9b805942a5f25e42ce1161e2bda545254be622be957727794e",
                PackFile.Purpose.LIVENESS,
                false),
            new PackFile(
                "MiniFASNetV1SE.onnx",
                1_742_315,
                "d819a69bac6b9ade2a0f4d9b60b618e1260f7bf3ba1fddff6c5d82131cb1083f",
                PackFile.Purpose.LIVENESS,
                false));
    assertThat(ModelZoo.eDifFiqa().files())
        .containsExactly(
            new PackFile(
                "ediffiqa_tiny_jun2024.onnx",
                7_272_678,
                "9426c899cc0f01665240cb7d9e7f98e18e24e456c178326c771a43da289bfc6a",
                PackFile.Purpose.QUALITY,
                false));
    assertThat(ModelZoo.eDifFiqa().license().name()).isEqualTo("CC-BY-4.0");
    assertThat(ModelZoo.miniFasNet().isLicenseAccepted()).isTrue();
  }

  /** The publisher's real files pass the checks of the pack and can be opened. */
  @Test
  @Tag("testdata")
  void miniFasNet_ofTheRealFiles_isOpened() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("store").resolve("minifasnet"));
    for (PackFile file : ModelZoo.miniFasNet().files()) {
      Files.copy(
          TestData.path("models").resolve("analysis").resolve(file.name()),
          folder.resolve(file.name()));
    }
    AnalyzerPack<LivenessModel> real =
        ModelStore.builder()
            .directory(temp.resolve("store"))
            .build()
            .getAnalyzer("minifasnet", LivenessModel.class);
    assertThat(real.isAvailable()).isTrue();
    FaceAnalyzer.create(real.model()).close();
  }
}
