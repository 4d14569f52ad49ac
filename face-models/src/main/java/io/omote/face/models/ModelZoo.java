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
 * Where packs of models come from: a {@link ModelStore} with default settings. Only {@link
 * ModelPack#fetch()} opens a socket.
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

  /** Read when first needed, once. */
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

  /** The store with the settings that the process has now. */
  private static ModelStore store() {
    ModelStore.Builder builder = ModelStore.builder();
    REGISTERED.values().forEach(builder::manifest);
    return builder.build();
  }

  /**
   * All packs that are known.
   *
   * @return the packs; whether they are here is another question
   * @throws ModelException if a system property or an environment variable has no meaning
   */
  public static List<Pack> list() {
    return store().list();
  }

  /**
   * A pack to compare faces with, by its name.
   *
   * @param name the name, such as {@code buffalo_l}
   * @return the pack; whether it is here is another question
   * @throws IllegalArgumentException if no such pack is known, or it holds an analyzer alone
   * @throws ModelException if a system property or an environment variable has no meaning
   */
  public static ModelPack get(String name) {
    return store().get(name);
  }

  /**
   * A pack of an analyzer, by its name.
   *
   * @param name the name, such as {@code minifasnet}
   * @param kind the class of the analyzer's description, such as {@code LivenessModel.class}
   * @param <M> the class of the analyzer's description
   * @return the pack; whether it is here is another question
   * @throws IllegalArgumentException if no such pack is known, or it holds something else
   * @throws ModelException if a system property or an environment variable has no meaning
   */
  public static <M extends AnalyzerModel<?>> AnalyzerPack<M> getAnalyzer(
      String name, Class<M> kind) {
    return store().getAnalyzer(name, kind);
  }

  /**
   * Registers a pack of one's own for this process, described by a JSON file as in docs/models.md.
   *
   * @param file the JSON file
   * @throws ModelException if it cannot be read, says something impossible, or has the name of
   *     another pack
   */
  public static void register(Path file) {
    Manifest manifest = ManifestReader.of(file);
    if (NAMES.contains(manifest.name())
        || !manifest.equals(REGISTERED.computeIfAbsent(manifest.name(), name -> manifest))) {
      throw ManifestReader.nameInUse(manifest.name());
    }
  }

  /**
   * The bundled pack {@code lite}: three small networks (7.3 MB) that may be redistributed under
   * the MIT license. It is opened from the class path and writes nothing to disk.
   *
   * <p>Its default threshold is 0.35, and its operating points reach down to a false match rate of
   * 1e-4 ({@link FaceModels#atFmr}). It misses small faces and profiles, now and then takes an
   * animal for a face, and its publisher does not document the training data: use it to start, and
   * a larger pack where the answer matters.
   *
   * @return the models, ready for use
   */
  public static FaceModels lite() {
    return bundledManifests().get("lite").toModels(ModelZoo::resource, file -> true);
  }

  /**
   * InsightFace's {@code buffalo_l}: the most accurate detector and a ResNet-50; 191 MB to compare
   * faces. Non-commercial research only.
   *
   * @return the pack
   */
  public static ModelPack buffaloL() {
    return get("buffalo_l");
  }

  /**
   * InsightFace's {@code buffalo_m}: a faster detector than {@code buffalo_l}, the same recognizer;
   * 178 MB to compare faces. Non-commercial research only.
   *
   * @return the pack
   */
  public static ModelPack buffaloM() {
    return get("buffalo_m");
  }

  /**
   * InsightFace's {@code buffalo_s}: a small detector and a MobileFaceNet; 16 MB to compare faces.
   * Non-commercial research only. Its threshold is not calibrated.
   *
   * @return the pack
   */
  public static ModelPack buffaloS() {
    return get("buffalo_s");
  }

  /**
   * InsightFace's {@code buffalo_sc}: the detector and the recognizer of {@code buffalo_s}, in an
   * archive without anything else. Non-commercial research only. Its threshold is not calibrated.
   *
   * @return the pack
   */
  public static ModelPack buffaloSc() {
    return get("buffalo_sc");
  }

  /**
   * InsightFace's {@code antelopev2}: the detector of {@code buffalo_l} and a ResNet-100; 278 MB to
   * compare faces. Non-commercial research only. Its threshold is not calibrated.
   *
   * @return the pack
   */
  public static ModelPack antelopeV2() {
    return get("antelopev2");
  }

  /**
   * AuraFace v1 with the YuNet detector: a ResNet-100; both may be used commercially (Apache-2.0);
   * 261 MB. No error rate of any threshold is published: the default is not calibrated.
   *
   * @return the pack
   */
  public static ModelPack auraFace() {
    return get("auraface");
  }

  /**
   * OpenCV's own networks, YuNet and SFace: small, and both may be used commercially (MIT and
   * Apache-2.0); 39 MB. The threshold is that of OpenCV's sample, and not calibrated.
   *
   * @return the pack
   */
  public static ModelPack openCv() {
    return get("opencv");
  }

  /**
   * MiniFASNetV2 and V1SE of Silent-Face-Anti-Spoofing: liveness by two networks together; 3.5 MB,
   * Apache-2.0. Neither training data nor error rates are published: measure them before the answer
   * matters.
   *
   * @return the pack
   */
  public static AnalyzerPack<LivenessModel> miniFasNet() {
    return getAnalyzer("minifasnet", LivenessModel.class);
  }

  /**
   * eDifFIQA(T): the quality of the image of a face; 7.3 MB, CC-BY-4.0: name its authors where you
   * pass it on.
   *
   * @return the pack
   */
  public static AnalyzerPack<QualityModel> eDifFiqa() {
    return getAnalyzer("ediffiqa", QualityModel.class);
  }
}
