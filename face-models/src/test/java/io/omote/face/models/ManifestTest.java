// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.omote.face.FaceModels;
import io.omote.face.ModelException;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.Normalization;
import io.omote.face.description.OperatingPoint;
import io.omote.face.description.RetinaFaceModel;
import io.omote.face.description.UltraLightModel;
import io.omote.face.description.YuNetModel;
import io.omote.face.models.PackFile.Purpose;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {
  private static final String FIVE =
      "5838f7fe053675b1c7a08b633df49e7af5495cee0493c7dcf6697200b85b5b91";
  private static final Tuple POINTS_3D =
      tuple(
          "1k3d68.onnx",
          143607619L,
          "df5c06b8a0c12e422b2ed8947b8869faa4105387f199c477af038aa01f9a45cc",
          Purpose.LANDMARKS);
  private static final Tuple POINTS_2D =
      tuple(
          "2d106det.onnx",
          5030888L,
          "f001b856447c413801ef5c42091ed0cd516fcd21f2d6b79635b1e733a7109dbf",
          Purpose.LANDMARKS);
  private static final Tuple GENDER_AGE =
      tuple(
          "genderage.onnx",
          1322532L,
          "4fde69b1c810857b88c64a335084f1c3fe8f01246c9a191b48c7bb756d6652fb",
          Purpose.ATTRIBUTES);
  private static final Tuple W600K_R50 =
      tuple(
          "w600k_r50.onnx",
          174383860L,
          "4c06341c33c2ca1f86781dab0e829f88ad5b64be9fba56e56bc9ebdefc619e43",
          Purpose.RECOGNITION);
  private static final Tuple W600K_MBF =
      tuple(
          "w600k_mbf.onnx",
          13616099L,
          "9cc6e4a75f0e2bf0b1aed94578f144d15175f357bdc05e815e5c4a02b319eb4f",
          Purpose.RECOGNITION);
  private static final Tuple DET_500M =
      tuple(
          "det_500m.onnx",
          2524817L,
          "5e4447f50245bbd7966bd6c0fa52938c61474a04ec7def48753668a9d8b4ea3a",
          Purpose.DETECTION);

  @TempDir Path temp;

  private static void assertFiles(ModelPack pack, Tuple... files) {
    assertThat(pack.files())
        .extracting(PackFile::name, PackFile::size, PackFile::sha256, PackFile::purpose)
        .containsExactly(files);
  }

  @Test
  void buffaloL_isAsPublished() {
    ModelPack pack = ModelZoo.buffaloL();
    assertFiles(
        pack,
        tuple("det_10g.onnx", 16923827L, FIVE, Purpose.DETECTION),
        W600K_R50,
        POINTS_3D,
        POINTS_2D,
        GENDER_AGE);
    assertThat(pack.modelId()).isEqualTo("w600k_r50:4c06341c33c2");
    assertThat(pack.threshold()).isEqualTo(0.6);
    assertThat(pack.isThresholdCalibrated()).isTrue();
    assertThat(pack.normalization()).isEqualTo(Normalization.ARCFACE);
    assertThat(pack.detectorInputSizes()).containsExactly(128, 640);
    OperatingPoint point = pack.operatingPoints().get(0);
    assertThat(point.modelId()).isEqualTo(pack.modelId());
    assertThat(point.threshold()).isEqualTo(0.407787);
    assertThat(point.fmr().value()).isEqualTo(1e-6);
    assertThat(point.fnmr().value()).isEqualTo(0.0875);
    assertThat(point.dataSet()).contains("MR-ALL");
    assertThat(pack.license().commercialUse()).isFalse();
    assertThat(pack.license().name()).contains("non-commercial research only");
  }

  @Test
  void buffaloL_toCompare_needs191Megabytes() {
    long bytes =
        ModelZoo.buffaloL().files().stream()
            .filter(f -> f.purpose() == Purpose.DETECTION || f.purpose() == Purpose.RECOGNITION)
            .mapToLong(PackFile::size)
            .sum();

    assertThat(bytes).isEqualTo(191_307_687);
  }

  @Test
  void buffaloM_isAsPublished() {
    assertFiles(
        ModelZoo.buffaloM(),
        tuple(
            "det_2.5g.onnx",
            3292009L,
            "041f73f47371333d1d17a6fee6c8ab4e6aecabefe398ff32cca4e2d5eaee0af9",
            Purpose.DETECTION),
        W600K_R50,
        POINTS_3D,
        POINTS_2D,
        GENDER_AGE);
  }

  @Test
  void buffaloS_isAsPublished() {
    ModelPack pack = ModelZoo.buffaloS();
    assertFiles(pack, DET_500M, W600K_MBF, POINTS_3D, POINTS_2D, GENDER_AGE);
    assertThat(pack.isThresholdCalibrated()).isFalse();
  }

  @Test
  void buffaloSc_isAsPublished() {
    assertFiles(ModelZoo.buffaloSc(), DET_500M, W600K_MBF);
  }

  @Test
  void antelopeV2_isAsPublished() {
    assertFiles(
        ModelZoo.antelopeV2(),
        tuple("scrfd_10g_bnkps.onnx", 16923827L, FIVE, Purpose.DETECTION),
        tuple(
            "glintr100.onnx",
            260665334L,
            "4ab1d6435d639628a6f3e5008dd4f929edf4c4124b1a7169e1048f9fef534cdf",
            Purpose.RECOGNITION),
        POINTS_3D,
        POINTS_2D,
        GENDER_AGE);
  }

  @Test
  void auraFace_isAsPublished() {
    ModelPack pack = ModelZoo.auraFace();
    assertThat(pack.files())
        .extracting(PackFile::name, PackFile::size, PackFile::sha256)
        .containsExactly(
            tuple(
                "yunet_n_dynamic.onnx",
                322906L,
                "104ee26c71d5c270ce79a6b3dced91c91013260d29a6bf18f9296c5b8c4c2b12"),
            tuple(
                "glintr100.onnx",
                260694151L,
                "a7933ea5330113b01c9b60351d8f4c33003f145d8470ac5f0e52ee2effe25c60"));
    assertThat(ModelZoo.bundledManifests().get("auraface").entry("glintr100.onnx").sources().get(0))
        .extracting(Manifest.Source::url)
        .hasToString(
            "https://huggingface.co/fal/AuraFace-v1/resolve/af6d057c9b0ec4071d4c49c80e3539258798b609/glintr100.onnx");
    assertThat(pack.license().commercialUse()).isTrue();
    assertThat(pack.isLicenseAccepted()).isTrue();
    assertThat(pack.isThresholdCalibrated()).isFalse();
    assertThat(pack.thresholdSource()).startsWith("not calibrated");
    assertThat(pack.operatingPoints()).isEmpty();
    assertThat(pack.modelId()).isEqualTo("glintr100:a7933ea53301");
    assertThat(pack.detectorInputSizes()).containsExactly(640);
    assertThat(described("auraface")).isInstanceOf(YuNetModel.class);
  }

  @Test
  void openCv_isAsPublished() {
    ModelPack pack = ModelZoo.openCv();
    assertFiles(
        pack,
        tuple(
            "face_detection_yunet_2023mar.onnx",
            232589L,
            "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
            Purpose.DETECTION),
        tuple(
            "face_recognition_sface_2021dec.onnx",
            38696353L,
            "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
            Purpose.RECOGNITION));
    assertThat(pack.license().commercialUse()).isTrue();
    assertThat(pack.license().name()).contains("MIT", "Apache-2.0");
    assertThat(pack.threshold()).isEqualTo(0.363);
    assertThat(pack.isThresholdCalibrated()).isFalse();
    assertThat(pack.operatingPoints()).isEmpty();
    assertThat(pack.normalization()).isEqualTo(new Normalization(0, 1));
    assertThat(pack.detectorInputSizes()).isEmpty();
    assertThat(described("opencv")).isInstanceOf(YuNetModel.class);
  }

  private static DetectorModel described(String pack) {
    return ModelZoo.bundledManifests()
        .get(pack)
        .toModels(file -> ModelFile.of(Path.of(file.name())), file -> true)
        .detector();
  }

  @ParameterizedTest
  @CsvSource({
    "buffalo_l, 288621354, 80ffe37d8a5940d59a7384c201a2a38d4741f2f3c51eef46ebb28218a7b0ca2f",
    "buffalo_m, 275951529, d98264bd8f2dc75cbc2ddce2a14e636e02bb857b3051c234b737bf3b614edca9",
    "buffalo_s, 127607557, d85a87f503f691807cd8bb97128bdf7a0660326cd9cd02657127fa978bab8b5e",
    "buffalo_sc, 14969382, 57d31b56b6ffa911c8a73cfc1707c73cab76efe7f13b675a05223bf42de47c72",
    "antelopev2, 360662982, 8e182f14fc6e80b3bfa375b33eb6cff7ee05d8ef7633e738d1c89021dcf0c5c5"
  })
  void archives_areAsPublished(String name, long size, String sha256) {
    URI url =
        URI.create(
            "https://github.com/deepinsight/insightface/releases/download/v0.7/" + name + ".zip");
    assertThat(ModelZoo.bundledManifests().get(name).archives())
        .containsExactly(new Manifest.Archive(name + ".zip", url, size, sha256));
  }

  @Test
  void buffaloL_singleFiles_areAskedForBeforeTheArchive() {
    Manifest manifest = ModelZoo.bundledManifests().get("buffalo_l");
    String base =
        "https://huggingface.co/immich-app/buffalo_l/resolve/d09715916a0778919a770c343533641e250b8699/";
    assertThat(manifest.entry("det_10g.onnx").sources())
        .containsExactly(
            new Manifest.Source(URI.create(base + "detection/model.onnx"), null, null),
            new Manifest.Source(null, "buffalo_l.zip", null));
    assertThat(manifest.entry("w600k_r50.onnx").sources().get(0).url())
        .isEqualTo(URI.create(base + "recognition/model.onnx"));
  }

  @Test
  void lite_matchesItsFiles() throws Exception {
    assertThat(ModelZoo.lite().detector()).isInstanceOf(RetinaFaceModel.class);
    assertBundled("lite", ModelZoo.lite());
  }

  @Test
  void liteFast_matchesItsFiles() throws Exception {
    assertThat(ModelZoo.liteFast().detector()).isInstanceOf(UltraLightModel.class);
    assertBundled("lite-fast", ModelZoo.liteFast());
  }

  private static void assertBundled(String name, FaceModels models) throws Exception {
    List<ModelFile> used = new ArrayList<>(models.detector().files());
    used.add(models.embedder().file());
    models.analyzers().forEach(analyzer -> used.addAll(analyzer.files()));
    for (ModelFile file : used) {
      try (InputStream stream = file.open()) {
        assertThat(file.sha256()).contains(TestPack.sha256(stream.readAllBytes()));
      }
    }
    for (PackFile file : ModelZoo.get(name).files()) {
      assertThat(file.bundled()).isTrue();
      try (InputStream stream = ModelZoo.class.getResourceAsStream("lite/" + file.name())) {
        assertThat(stream.readAllBytes()).hasSize((int) file.size());
      }
    }
    assertThat(models.embedder().threshold()).isEqualTo(0.35);
    assertThat(models.embedder().normalization()).contains(new Normalization(127, 128));
    assertThat(models.embedder().modelId()).contains("fr_feature:87aacdfe5751");
    assertThat(ModelZoo.get(name).isAvailable()).isTrue();
    assertThat(ModelZoo.get(name).fetch()).usingRecursiveComparison().isEqualTo(models);
  }

  @Test
  void list_namesAllPacks() {
    assertThat(ModelZoo.list())
        .extracting(Pack::name)
        .startsWith(
            "lite",
            "lite-fast",
            "buffalo_l",
            "buffalo_m",
            "buffalo_s",
            "buffalo_sc",
            "antelopev2",
            "auraface",
            "opencv",
            "minifasnet",
            "ediffiqa");
  }

  @Test
  void get_unknownName_namesTheKnownOnes() {
    assertThatThrownBy(() -> ModelZoo.get("buffalo_xl"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("buffalo_l, buffalo_m")
        .hasMessageContaining("'buffalo_xl'");
  }

  private void assertRefused(String problem, Consumer<Map<String, Object>> change) {
    Map<String, Object> manifest =
        TestPack.ofNoise().singleFiles(URI.create("https://example.org/")).manifest();
    change.accept(manifest);
    Path file = TestPack.write(temp, manifest);
    assertThatThrownBy(() -> ModelStore.builder().manifest(file).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(problem);
  }

  /** Returns the first file, with one field changed. */
  private static Consumer<Map<String, Object>> file(String field, Object value) {
    return manifest -> {
      List<Map<String, Object>> files = files(manifest);
      Map<String, Object> changed = new HashMap<>(files.get(0));
      changed.put(field, value);
      files.set(0, changed);
    };
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> files(Map<String, Object> manifest) {
    return (List<Map<String, Object>>) manifest.get("files");
  }

  @Test
  void manifest_impossible_isRefused() {
    assertRefused("name is not a name of letters", m -> m.put("name", "../evil"));
    assertRefused("license is missing", m -> m.remove("license"));
    assertRefused("files is not a list", m -> m.remove("files"));
    assertRefused("is not a name of letters", file("name", "../../evil.onnx"));
    assertRefused("is not a name of letters", file("name", ".evil.onnx"));
    assertRefused("does not end in .onnx", file("name", "evil.sh"));
    assertRefused("is not 64 lowercase hexadecimal digits", file("sha256", "12AB"));
    assertRefused("is not from 1 to", file("size", 0));
    assertRefused("is not from 1 to", file("size", 1L << 31));
    assertRefused("is not one of", file("purpose", "magic"));
    assertRefused("has no source", file("sources", List.of()));
    assertRefused("a url is not", file("sources", List.of(Map.of("url", "file:///etc/passwd"))));
    assertRefused("no archive", file("sources", List.of(Map.of("archive", "none.zip"))));
    assertRefused("is not exactly one of url", file("sources", List.of(Map.of())));
    assertRefused(
        "a file of the detector",
        m ->
            m.put(
                "detector",
                Map.of("family", "scrfd", "files", List.of("x.onnx"), "inputSizes", List.of())));
    assertRefused(
        "not one of scrfd (files: 1)",
        m ->
            m.put(
                "detector", Map.of("family", "yolo", "files", List.of(), "inputSizes", List.of())));
    assertRefused("recognizer is missing", m -> m.remove("recognizer"));
    assertRefused("two files are named", m -> files(m).set(1, files(m).get(0)));
  }

  @Test
  void manifest_noJson_isRefused() throws Exception {
    Path file = Files.writeString(temp.resolve("x.json"), "not json");

    assertThatThrownBy(() -> ModelStore.builder().manifest(file).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the manifest " + file + " is not the JSON of a pack");
  }

  @Test
  void manifest_missing_isRefused() {
    assertThatThrownBy(() -> ModelStore.builder().manifest(temp.resolve("none.json")).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("could not be read");
  }

  @Test
  void manifest_nameOfAnotherPack_isRefused() {
    Map<String, Object> manifest =
        TestPack.ofNoise().singleFiles(URI.create("https://example.org/")).manifest();
    manifest.put("name", "lite");
    Path file = TestPack.write(temp, manifest);

    ModelStore.Builder builder = ModelStore.builder().manifest(file);
    assertThatThrownBy(builder::build)
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("another pack is already named 'lite'");
    assertThatThrownBy(() -> ModelZoo.register(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("another pack is already named 'lite'");
  }

  @Test
  void register_ownPack_isListed() {
    Map<String, Object> manifest =
        TestPack.ofNoise().singleFiles(URI.create("https://example.org/")).manifest();
    manifest.put("name", "registered");
    Path file = TestPack.write(temp, manifest);

    ModelZoo.register(file);
    ModelZoo.register(file);

    assertThat(ModelZoo.list()).extracting(Pack::name).contains("registered");
    assertThat(ModelZoo.get("registered").description()).isEqualTo("a pack for tests");
    manifest.put("description", "another one");
    Path changed = TestPack.write(temp, manifest);
    assertThatThrownBy(() -> ModelZoo.register(changed))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("another pack is already named 'registered'");
  }
}
