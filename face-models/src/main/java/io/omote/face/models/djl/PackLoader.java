// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models.djl;

import ai.djl.Application;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.repository.MRL;
import ai.djl.repository.Repository;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelLoader;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Translator;
import ai.djl.util.Progress;
import io.omote.face.Device;
import io.omote.face.FaceModels;
import io.omote.face.ModelException;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import io.omote.face.djl.FaceDetectionTranslator;
import io.omote.face.djl.FaceEmbeddingTranslator;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.options.NetworkOptions;
import io.omote.face.models.ModelPack;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads the detector or the recognizer of a fetched pack for DJL. Loading never fetches. Immutable
 * and thread-safe.
 */
final class PackLoader implements ModelLoader {
  private static final int DETECTOR_SIZE = 640;

  private final ModelPack pack;

  PackLoader(ModelPack pack) {
    this.pack = pack;
  }

  @Override
  public String getGroupId() {
    return FaceZooProvider.GROUP_ID;
  }

  @Override
  public String getArtifactId() {
    return pack.name();
  }

  /**
   * Returns no application, because a pack has networks of two, which are distinguished by their
   * types.
   */
  @Override
  public Application getApplication() {
    return Application.UNDEFINED;
  }

  @Override
  public MRL getMrl() {
    return MRL.undefined(
        Repository.newInstance(pack.name(), location()), getGroupId(), pack.name());
  }

  /** Returns a place for DJL's lists of packs. DJL never looks there: this class loads them. */
  private Path location() {
    try {
      return pack.directory();
    } catch (ModelException e) {
      // The bundled pack needs no folder, so a list must not fail without one.
      return Path.of(pack.name());
    }
  }

  @Override
  @SuppressWarnings("unchecked") // the types were compared
  public <I, O> ZooModel<I, O> loadModel(Criteria<I, O> criteria) throws ModelNotFoundException {
    check(criteria);
    NetworkOptions network = NetworkOptions.defaults().withDevice(device(criteria.getDevice()));
    if (criteria.getOutputClass() == DetectedObjects.class) {
      return (ZooModel<I, O>) loadDetector(pack.models(), network);
    }
    return (ZooModel<I, O>) loadRecognizer(pack.models(), network);
  }

  private void check(Criteria<?, ?> criteria) throws ModelNotFoundException {
    if (!pack.name().equals(criteria.getArtifactId())) {
      // Criteria of other libraries must not get a face detector by accident.
      throw new ModelNotFoundException("name the pack by optArtifactId(\"" + pack.name() + "\")");
    }
    Class<?> output = criteria.getOutputClass();
    if (criteria.getInputClass() != Image.class
        || output != DetectedObjects.class && output != float[].class) {
      throw new ModelNotFoundException(
          "a pack of face models goes from Image to DetectedObjects (detector) or to float[]"
              + " (recognizer)");
    }
    if (criteria.getTranslatorFactory() != null) {
      throw new ModelNotFoundException(
          "a pack of face models has its own Translator: to use another one, set the file with"
              + " optModelPath");
    }
  }

  private static Device device(ai.djl.@Nullable Device asked) {
    return asked != null && asked.isGpu() ? Device.gpu(asked.getDeviceId()) : Device.cpu();
  }

  private ZooModel<Image, DetectedObjects> loadDetector(FaceModels models, NetworkOptions network)
      throws ModelNotFoundException {
    DetectorModel detector = models.detector();
    if (detector.files().size() != 1) {
      throw new ModelNotFoundException(
          String.format(
              Locale.ROOT,
              "the detector of %s is not one network, as DJL needs it: use io.omote.face.FaceDetector, or a pack whose detector is one network",
              pack.name()));
    }
    int largest =
        pack.detectorInputSizes().isEmpty()
            ? DETECTOR_SIZE
            : Collections.max(pack.detectorInputSizes());
    return open(
        detector.files().get(0), network, () -> FaceDetectionTranslator.of(detector, largest));
  }

  private static ZooModel<Image, float[]> loadRecognizer(FaceModels models, NetworkOptions network)
      throws ModelNotFoundException {
    EmbedderModel embedder = models.embedder();
    return open(embedder.file(), network, () -> FaceEmbeddingTranslator.of(embedder));
  }

  private static <I, O> ZooModel<I, O> open(
      ModelFile model, NetworkOptions network, Supplier<Translator<I, O>> translator)
      throws ModelNotFoundException {
    OnnxFile file = OnnxFile.read(model);
    Translator<I, O> checked;
    try {
      checked = translator.get();
    } catch (ModelException e) {
      throw new ModelNotFoundException(
          String.format(Locale.ROOT, "%s; the manifest of the pack is wrong", e.getMessage()), e);
    }
    return new ZooModel<>(OnnxModel.openModel(file, network), checked);
  }

  @Override
  public <I, O> boolean isDownloaded(Criteria<I, O> criteria) {
    return pack.isAvailable();
  }

  /** Fetches, as DJL was explicitly asked to; the license must have been accepted. */
  @Override
  public <I, O> void downloadModel(Criteria<I, O> criteria, @Nullable Progress progress)
      throws ModelNotFoundException {
    check(criteria);
    pack.fetch();
  }
}
