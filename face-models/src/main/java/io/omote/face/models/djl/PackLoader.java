// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models.djl;

import ai.djl.Application;
import ai.djl.Model;
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
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.ModelException;
import io.omote.face.internal.options.NetworkOptions;
import io.omote.face.description.EmbedderModel;
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph.Value;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.network.ArcFaceTranslator;
import io.omote.face.internal.network.DetectorFamily;
import io.omote.face.models.ModelPack;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Gives DJL the detector or the recognizer of a pack that was fetched. Loading never fetches.
 * Immutable and thread-safe.
 */
final class PackLoader implements ModelLoader {
  private static final int DETECTOR_SIZE = 640;
  private static final int CROP_SIZE = 112;

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

  /** Undefined, because a pack holds networks of two applications: the types tell them apart. */
  @Override
  public Application getApplication() {
    return Application.UNDEFINED;
  }

  @Override
  public MRL getMrl() {
    return MRL.undefined(
        Repository.newInstance(pack.name(), location()), getGroupId(), pack.name());
  }

  /** DJL lists the packs with a place, and never looks there: this class loads them. */
  private Path location() {
    try {
      return pack.directory();
    } catch (ModelException e) {
      // The bundled pack works without a folder, so a list must not fail for want of one.
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
      // Criteria of other libraries must not get a face detector by chance.
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
          "a pack of face models brings its own Translator: to use another one, give the file by"
              + " optModelPath");
    }
  }

  private static Device device(ai.djl.@Nullable Device asked) {
    return asked != null && asked.isGpu() ? Device.gpu(asked.getDeviceId()) : Device.cpu();
  }

  private ZooModel<Image, DetectedObjects> loadDetector(FaceModels models, NetworkOptions network)
      throws ModelNotFoundException {
    DetectorFamily family = DetectorFamily.of(models.detector());
    if (family.fileCount() != 1) {
      throw new ModelNotFoundException(
          String.format(
              Locale.ROOT,
              "the detector of %s is not one network, as DJL needs it: use io.omote.face.FaceDetector, or a pack with a detector of one",
              pack.name()));
    }
    OnnxFile file = OnnxFile.read(models.detector().files().get(0));
    int largest =
        pack.detectorInputSizes().isEmpty()
            ? DETECTOR_SIZE
            : Collections.max(pack.detectorInputSizes());
    ImageTranslator<FaceImage, List<Face>> translator;
    try {
      translator = family.translator(file, largest);
    } catch (ModelException e) {
      throw new ModelNotFoundException(
          String.format(Locale.ROOT, "%s; the manifest of the pack is wrong", e.getMessage()), e);
    }
    return open(file, network, new FaceDetectionTranslator(translator));
  }

  private ZooModel<Image, float[]> loadRecognizer(FaceModels models, NetworkOptions network)
      throws ModelNotFoundException {
    EmbedderModel embedder = models.embedder();
    OnnxFile file = OnnxFile.read(embedder.file());
    if (!file.graph().isRecognition()) {
      throw new ModelNotFoundException(
          String.format(
              Locale.ROOT,
              "expected a recognition network, found another kind in %s (%s): the manifest of the pack is wrong%s",
              file.name(),
              file.graph(),
              file.graph().elementAdvice()));
    }
    long fixed = file.graph().inputs().get(0).dimension(2);
    int size = fixed == Value.FREE ? CROP_SIZE : Math.toIntExact(fixed);
    ArcFaceTranslator translator =
        new ArcFaceTranslator(pack.modelId(), size, pack.normalization());
    return open(file, network, new FaceEmbeddingTranslator(translator, size));
  }

  private static <I, O> ZooModel<I, O> open(
      OnnxFile file, NetworkOptions network, Translator<I, O> translator) {
    Model model = OnnxModel.openModel(file, network);
    return new ZooModel<>(model, translator);
  }

  @Override
  public <I, O> boolean isDownloaded(Criteria<I, O> criteria) {
    return pack.isAvailable();
  }

  /** DJL's explicit wish to fetch; the license must have been accepted. */
  @Override
  public <I, O> void downloadModel(Criteria<I, O> criteria, @Nullable Progress progress)
      throws ModelNotFoundException {
    check(criteria);
    pack.fetch();
  }
}
