// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import io.omote.face.ModelException;
import io.omote.face.SelectedFace;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.geometry.Suppression;
import io.omote.face.internal.options.DetectorOptions;
import io.omote.face.internal.options.NetworkOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A detector that runs one network once for each input size and merges the candidates of all
 * passes. Thread-safe.
 */
final class PassDetector implements UprightDetector {
  /**
   * The first pass where one face is wanted: a quarter of the cost of 640, and enough where the
   * face is found with a good score and not too small.
   */
  private static final int COARSE_SIDE = 320;

  /** The margin by which the score of a sure face exceeds the network's default threshold. */
  private static final float SURE_MARGIN = 0.1f;

  private static final int COARSE_FACE_WIDTH = 40;

  private final OnnxModel model;
  private final Map<InputSize, FaceTranslator> passes;
  private final Function<FaceImage, List<InputSize>> sizes;
  private final @Nullable FaceTranslator coarse;
  private final float sureScore;
  private final Suppression suppression;
  private final DetectorOptions options;

  private PassDetector(
      OnnxModel model,
      DetectorNetwork detector,
      Map<InputSize, FaceTranslator> passes,
      Function<FaceImage, List<InputSize>> sizes,
      @Nullable FaceTranslator coarse,
      DetectorOptions options) {
    this.model = model;
    this.passes = Map.copyOf(passes);
    this.sizes = sizes;
    this.coarse = coarse;
    this.sureScore = detector.scoreThreshold + SURE_MARGIN;
    this.suppression = detector.suppression(options.iouThreshold().orElse(detector.iouThreshold));
    this.options = options;
  }

  /**
   * Opens a detector.
   *
   * @param detector the kind of the network
   * @param file the file
   * @param options what to find
   * @param network how the network is run
   * @return the detector
   */
  static PassDetector open(
      DetectorNetwork detector, OnnxFile file, DetectorOptions options, NetworkOptions network) {
    detector.check(file.graph(), file.name(), options.landmarksRequired());
    RowTranslator.checkBatch(file.graph(), file.name());
    List<InputSize> sizes = sizes(detector, file, options);
    checkCoarse(sizes, file, options);
    float score = options.scoreThreshold().orElse(detector.scoreThreshold);
    Map<InputSize, FaceTranslator> passes =
        sizes.stream()
            .collect(
                Collectors.toMap(
                    Function.identity(), size -> new FaceTranslator(detector, size, score, null)));
    boolean isOwnChoice = sizes.get(0).free() && options.inputSizes().isEmpty();
    FaceTranslator coarse =
        options.coarseToFine()
            ? new FaceTranslator(detector, InputSize.square(COARSE_SIDE), score, null)
            : null;
    return new PassDetector(
        OnnxModel.open(file, network),
        detector,
        passes,
        isOwnChoice
            ? image -> detector.inputSizes(image).stream().map(InputSize::square).toList()
            : image -> sizes,
        coarse,
        options);
  }

  private static List<InputSize> sizes(
      DetectorNetwork detector, OnnxFile file, DetectorOptions options) {
    List<Integer> asked = options.inputSizes();
    if (InputSize.isFree(file.graph(), file.name())) {
      return (asked.isEmpty() ? detector.inputSizes : asked)
          .stream().distinct().map(InputSize::square).toList();
    }
    InputSize fixed = InputSize.fixedBy(file.graph());
    if (!asked.isEmpty() && !asked.stream().allMatch(fixed::isSquareOf)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "inputSizes %s need a detector with a free input size, but %s has a fixed input of %s: leave inputSizes unset, or use a file with free height and width",
              asked,
              file.name(),
              fixed));
    }
    return List.of(fixed);
  }

  private static void checkCoarse(List<InputSize> sizes, OnnxFile file, DetectorOptions options) {
    if (!options.coarseToFine()) {
      return;
    }
    if (!sizes.get(0).free()) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "coarseToFine needs a detector with a free input size, but %s has a fixed input of %s: leave coarseToFine off, or use a file with free height and width",
              file.name(),
              sizes.get(0)));
    }
    if (sizes.stream().allMatch(size -> size.width() <= COARSE_SIDE)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "coarseToFine needs an input size above %d, the size of its first pass, found %s for %s: leave coarseToFine off, or choose a larger size with inputSizes",
              COARSE_SIDE,
              sizes,
              file.name()));
    }
  }

  @Override
  public List<Face> detect(FaceImage image) {
    List<Face> candidates = new ArrayList<>();
    for (InputSize size : sizes.apply(image)) {
      candidates.addAll(model.run(passes.get(size), image));
    }
    return options.limit(Faces.suppress(candidates, suppression), image.width(), image.height());
  }

  @Override
  public Optional<SelectedFace> detectOne(FaceImage image, FaceSelection selection) {
    // Only all passes together show whether a face is the only one, or has the best score.
    if (coarse != null
        && sizes.apply(image).stream().anyMatch(size -> size.width() > COARSE_SIDE)
        && (selection == FaceSelection.CENTRAL || selection == FaceSelection.LARGEST)) {
      List<Face> faces =
          options.limit(
              Faces.suppress(model.run(coarse, image), suppression), image.width(), image.height());
      float scale = (float) COARSE_SIDE / Math.max(image.width(), image.height());
      Optional<Face> wanted =
          selection
              .select(faces, image.width(), image.height())
              .filter(face -> face.score() >= sureScore)
              .filter(face -> face.box().width() * scale >= COARSE_FACE_WIDTH);
      if (wanted.isPresent()) {
        return wanted.map(face -> new SelectedFace(face, faces.size()));
      }
    }
    return UprightDetector.super.detectOne(image, selection);
  }

  @Override
  public double certainty(FaceImage image, Face face) {
    return (double) face.score() - sureScore;
  }

  @Override
  public void close() {
    model.close();
  }
}
