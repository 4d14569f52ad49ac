// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.FaceModels;
import io.omote.face.ModelException;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.QualityModel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The model packs of a {@link ModelStore} with default settings. No method of this class opens a
 * socket; {@link ModelPack#fetch()} does.
 *
 * <pre>{@code
 * FaceModels models = ModelZoo.buffaloL().acceptLicense().fetch();
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class ModelZoo {
  private static final List<String> NAMES =
      List.of(
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

  private static final Map<String, Manifest> REGISTERED = new ConcurrentSkipListMap<>();

  /** The manifests of this library, read once when first needed. */
  private static final class Bundled {
    static final Map<String, Manifest> MANIFESTS = read();

    private static Map<String, Manifest> read() {
      Map<String, Manifest> manifests = new LinkedHashMap<>();
      NAMES.forEach(name -> manifests.put(name, ManifestReader.bundled(name)));
      return Collections.unmodifiableMap(manifests);
    }
  }

  private ModelZoo() {}

  static Map<String, Manifest> bundledManifests() {
    return Bundled.MANIFESTS;
  }

  static ModelFile resource(Manifest.Entry file) {
    return ModelFile.ofResource(ModelZoo.class, file.sources().get(0).resource(), file.sha256());
  }

  /** Returns a store with the current settings of the process. */
  private static ModelStore store() {
    ModelStore.Builder builder = ModelStore.builder();
    REGISTERED.values().forEach(builder::manifest);
    return builder.build();
  }

  /**
   * Returns all known packs: those of this library, then registered ones.
   *
   * @return the packs, available or not
   * @throws ModelException if a system property or an environment variable is invalid
   */
  public static List<Pack> list() {
    return store().list();
  }

  /**
   * Returns the pack of this name, which compares faces.
   *
   * @param name the name, such as {@code buffalo_l}
   * @return the pack, available or not
   * @throws IllegalArgumentException if there is no such pack, or it holds only an analyzer
   * @throws ModelException if a system property or an environment variable is invalid
   */
  public static ModelPack get(String name) {
    return store().get(name);
  }

  /**
   * Returns the pack of this name, which holds only an analyzer.
   *
   * @param name the name, such as {@code minifasnet}
   * @param kind the class of the analyzer's description, such as {@code LivenessModel.class}
   * @param <M> the class of the analyzer's description
   * @return the pack, available or not
   * @throws IllegalArgumentException if there is no such pack, or it holds something else
   * @throws ModelException if a system property or an environment variable is invalid
   */
  public static <M extends AnalyzerModel<?>> AnalyzerPack<M> getAnalyzer(
      String name, Class<M> kind) {
    return store().getAnalyzer(name, kind);
  }

  /**
   * Returns the names of the packs that a model belongs to. Registered packs count only if it
   * belongs to none of this library. No file of a pack is opened, and no setting is read.
   *
   * @param modelId the id that embeddings or scores carry, such as {@code fr_feature:87aacdfe5751}
   * @return the names, such as {@code lite}; several if packs share a model, empty if it belongs to
   *     no pack
   */
  public static List<String> packsOf(String modelId) {
    List<String> bundled = packsOf(modelId, bundledManifests());
    return bundled.isEmpty() ? packsOf(modelId, REGISTERED) : bundled;
  }

  private static List<String> packsOf(String modelId, Map<String, Manifest> manifests) {
    return manifests.values().stream()
        .filter(
            manifest -> manifest.files().stream().anyMatch(file -> file.modelId().equals(modelId)))
        .map(Manifest::name)
        .toList();
  }

  /**
   * Registers for this process a pack described by your own manifest, a JSON file as in
   * docs/models.md.
   *
   * @param file the manifest
   * @throws ModelException if it cannot be read, is invalid, or has the name of another pack
   */
  public static void register(Path file) {
    Manifest manifest = ManifestReader.of(file);
    if (NAMES.contains(manifest.name())
        || !manifest.equals(REGISTERED.computeIfAbsent(manifest.name(), name -> manifest))) {
      throw ManifestReader.nameInUse(manifest.name());
    }
  }

  /**
   * Returns the bundled pack {@code lite}: RetinaFace with a small backbone, a MobileFaceNet, and a
   * face mesh (11.3 MB, MIT and Apache-2.0). The networks are read from the class path, and nothing
   * is written to disk.
   *
   * <p>The default threshold is 0.35, and the operating points go down to a false match rate of
   * 1e-6 ({@link FaceModels#atFmr}). The pack misses faces that are small beside their image (about
   * a thirtieth of its longer side, a sixteenth for images of at most 480 pixels), and the
   * publisher of its recognizer does not document the training data. Use it to get started, and a
   * larger pack if the result matters.
   *
   * @return the models, ready for use
   */
  public static FaceModels lite() {
    return bundled("lite");
  }

  /**
   * Returns the bundled pack {@code lite-fast}, the first edition of {@link #lite}: the same
   * recognizer with a faster detector, which misses small, covered and turned faces. Its landmarks
   * differ, so it has its own operating points. Galleries may be shared with {@code lite}, at the
   * error rates of this pack.
   *
   * @return the models, ready for use
   */
  public static FaceModels liteFast() {
    return bundled("lite-fast");
  }

  private static FaceModels bundled(String name) {
    return bundledManifests().get(name).toModels(ModelZoo::resource, file -> true);
  }

  /**
   * Returns InsightFace's {@code buffalo_l}: its most accurate detector and a ResNet-50. 191 MB to
   * compare faces. Non-commercial research only.
   *
   * @return the pack
   */
  public static ModelPack buffaloL() {
    return get("buffalo_l");
  }

  /**
   * Returns InsightFace's {@code buffalo_m}: a faster detector than that of {@code buffalo_l}, and
   * the same recognizer. 178 MB to compare faces. Non-commercial research only.
   *
   * @return the pack
   */
  public static ModelPack buffaloM() {
    return get("buffalo_m");
  }

  /**
   * Returns InsightFace's {@code buffalo_s}: a small detector and a MobileFaceNet. 16 MB to compare
   * faces. Non-commercial research only. Its threshold is not calibrated.
   *
   * @return the pack
   */
  public static ModelPack buffaloS() {
    return get("buffalo_s");
  }

  /**
   * Returns InsightFace's {@code buffalo_sc}: only the detector and the recognizer of {@code
   * buffalo_s}. Non-commercial research only. Its threshold is not calibrated.
   *
   * @return the pack
   */
  public static ModelPack buffaloSc() {
    return get("buffalo_sc");
  }

  /**
   * Returns InsightFace's {@code antelopev2}: the detector of {@code buffalo_l} and a ResNet-100.
   * 278 MB to compare faces. Non-commercial research only. Its threshold is not calibrated.
   *
   * @return the pack
   */
  public static ModelPack antelopeV2() {
    return get("antelopev2");
  }

  /**
   * Returns AuraFace v1, a ResNet-100, with the YuNet detector. 261 MB. Both allow commercial use
   * (Apache-2.0). The default threshold is not calibrated, because no error rates are published.
   *
   * @return the pack
   */
  public static ModelPack auraFace() {
    return get("auraface");
  }

  /**
   * Returns OpenCV's small networks YuNet and SFace. 39 MB. Both allow commercial use (MIT and
   * Apache-2.0). The default threshold is that of OpenCV's sample and is not calibrated.
   *
   * @return the pack
   */
  public static ModelPack openCv() {
    return get("opencv");
  }

  /**
   * Returns MiniFASNetV2 and MiniFASNetV1SE of Silent-Face-Anti-Spoofing, which together measure
   * liveness. 3.5 MB, Apache-2.0. Neither training data nor error rates are published: measure the
   * error rates before you rely on it.
   *
   * @return the pack
   */
  public static AnalyzerPack<LivenessModel> miniFasNet() {
    return getAnalyzer("minifasnet", LivenessModel.class);
  }

  /**
   * Returns eDifFIQA(T), which measures the quality of the image of a face. 7.3 MB, CC-BY-4.0:
   * credit its authors if you redistribute it.
   *
   * @return the pack
   */
  public static AnalyzerPack<QualityModel> eDifFiqa() {
    return getAnalyzer("ediffiqa", QualityModel.class);
  }
}
