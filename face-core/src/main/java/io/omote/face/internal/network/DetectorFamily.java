// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.ModelException;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.ScrfdModel;
import io.omote.face.description.UltraLightModel;
import io.omote.face.description.YuNetModel;
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.options.DetectorOptions;
import io.omote.face.internal.options.NetworkOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The families of detectors, and the only place where one is decided: by the class of a
 * description, by its name in a manifest, or by a graph.
 *
 * <p>Immutable and thread-safe.
 *
 * @hidden
 */
public enum DetectorFamily {
  /** InsightFace's SCRFD. */
  SCRFD("scrfd", ScrfdModel.class, ScrfdModel::new, ScrfdTranslator.FAMILY),
  /** OpenCV's YuNet. */
  YUNET("yunet", YuNetModel.class, YuNetModel::new, YuNetTranslator.FAMILY),
  /** A box network and a network of 68 points. */
  ULTRALIGHT(
      "ultralight",
      UltraLightModel.class,
      2,
      files -> new UltraLightModel(files.get(0), files.get(1)),
      (model, options, network) ->
          UltraLightDetector.open((UltraLightModel) model, options, network));

  private interface Opener {
    FaceDetector open(DetectorModel model, DetectorOptions options, NetworkOptions network);
  }

  private final String manifestName;
  private final Class<? extends DetectorModel> model;
  private final int fileCount;
  private final Function<List<ModelFile>, DetectorModel> describe;
  private final Opener opener;
  private final @Nullable PassFamily passes;

  /** A family of one network, which gives faces in one run. */
  DetectorFamily(
      String manifestName,
      Class<? extends DetectorModel> model,
      Function<ModelFile, DetectorModel> describe,
      PassFamily passes) {
    this.manifestName = manifestName;
    this.model = model;
    this.fileCount = 1;
    this.describe = files -> describe.apply(files.get(0));
    this.opener =
        (description, options, network) ->
            PassDetector.open(passes, description.files().get(0), options, network);
    this.passes = passes;
  }

  /** A family with a detector of its own. */
  DetectorFamily(
      String manifestName,
      Class<? extends DetectorModel> model,
      int fileCount,
      Function<List<ModelFile>, DetectorModel> describe,
      Opener opener) {
    this.manifestName = manifestName;
    this.model = model;
    this.fileCount = fileCount;
    this.describe = describe;
    this.opener = opener;
    this.passes = null;
  }

  /**
   * The family of a description.
   *
   * @param model the description
   * @return its family
   */
  public static DetectorFamily of(DetectorModel model) {
    return Arrays.stream(values())
        .filter(family -> family.model == model.getClass())
        .findFirst()
        .orElseThrow();
  }

  /**
   * The family by its name.
   *
   * @param name the name in a manifest
   * @return the family, empty where there is none of that name
   */
  public static Optional<DetectorFamily> named(String name) {
    return Arrays.stream(values()).filter(family -> family.manifestName.equals(name)).findFirst();
  }

  /**
   * The family whose one network a graph looks like. Families of several networks are recognized by
   * none of them.
   *
   * @param graph the graph
   * @return the family, empty where it is no detector with landmarks
   */
  public static Optional<DetectorFamily> of(OnnxGraph graph) {
    return Arrays.stream(values())
        .filter(family -> family.passes != null && family.passes.recognizes().test(graph))
        .findFirst();
  }

  /** The refusal of a file of another kind than expected. */
  static ModelException wrong(String expected, OnnxFile file) {
    OnnxGraph graph = file.graph();
    String found =
        of(graph)
            .map(family -> family.passes.name())
            .orElse(graph.isRecognition() ? "a recognition network" : "a network of another kind");
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected %s, found %s in %s (%s)%s%s",
            expected,
            found,
            file.name(),
            graph,
            graph.isRecognition() ? ": were detector and embedder swapped?" : "",
            graph.elementAdvice()));
  }

  /**
   * The name in manifests.
   *
   * @return the name
   */
  public String manifestName() {
    return manifestName;
  }

  /**
   * The class of the family's descriptions.
   *
   * @return the class
   */
  public Class<? extends DetectorModel> model() {
    return model;
  }

  /**
   * How many files a detector of the family has.
   *
   * @return the number
   */
  public int fileCount() {
    return fileCount;
  }

  /**
   * Describes files as a detector of this family.
   *
   * @param files as many as {@link #fileCount}
   * @return their description
   */
  public DetectorModel describe(List<ModelFile> files) {
    if (files.size() != fileCount) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected %d files of a %s detector, found %d: give one for each network",
              fileCount,
              manifestName,
              files.size()));
    }
    return describe.apply(files);
  }

  /**
   * Opens a detector.
   *
   * @param description the files, of this family
   * @param options the options
   * @param network how it is run
   * @return the detector, not guarded
   */
  public FaceDetector open(
      DetectorModel description, DetectorOptions options, NetworkOptions network) {
    return opener.open(description, options, network);
  }

  /**
   * The Translator of the family's network, for use through DJL's own API.
   *
   * @param file the network
   * @param side the side of the input where the file leaves its size open, a multiple of 32
   * @return the Translator, with the thresholds of the family
   * @throws ModelException if the file is of another kind or gives no landmarks, or the family has
   *     several networks
   */
  public ImageTranslator<FaceImage, List<Face>> translator(OnnxFile file, int side) {
    if (passes == null) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected a family of one network, found %s: use FaceDetector",
              manifestName));
    }
    passes.check().of(file, true);
    InputSize size = InputSize.isFree(file) ? InputSize.square(side) : InputSize.fixedBy(file);
    return passes.translators().of(size, passes.scoreThreshold(), passes.iouThreshold());
  }
}
