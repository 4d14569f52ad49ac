// SPDX-License-Identifier: Apache-2.0
package io.omote.face.detection;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import io.omote.face.ScrfdModel;
import io.omote.face.WrongModelException;
import io.omote.face.geometry.Suppression;
import io.omote.face.inference.ModelKind;
import io.omote.face.inference.OnnxFile;
import io.omote.face.inference.OnnxGraph.Value;
import io.omote.face.inference.OnnxModel;
import io.omote.face.inference.SessionSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs an SCRFD network once for each input size and merges what it finds. Thread-safe. */
public final class ScrfdDetector implements FaceDetector {
  private static final float SCORE_THRESHOLD = 0.5f;

  /** InsightFace's auto mode: the small pass finds faces that fill the picture. */
  private static final int[] AUTO = {128, 640};

  /**
   * The first pass where one face is wanted: a quarter of the cost of 640, and enough where the
   * face is found with a good score and not too small.
   */
  private static final int COARSE_SIDE = 320;

  private static final float COARSE_SCORE = 0.6f;
  private static final int COARSE_FACE_WIDTH = 40;

  private final OnnxModel model;
  private final List<ScrfdTranslator> passes;
  private final @Nullable ScrfdTranslator coarse;
  private final Suppression suppression;
  private final DetectionSettings settings;

  private ScrfdDetector(
      OnnxModel model,
      List<ScrfdTranslator> passes,
      @Nullable ScrfdTranslator coarse,
      DetectionSettings settings) {
    this.model = model;
    this.passes = List.copyOf(passes);
    this.coarse = coarse;
    this.suppression = ScrfdTranslator.suppression(settings.iouThreshold());
    this.settings = settings;
  }

  /**
   * Opens a detector.
   *
   * @param description the file
   * @param settings the options
   * @param session device and threads
   * @return the detector
   */
  public static ScrfdDetector open(
      ScrfdModel description, DetectionSettings settings, SessionSettings session) {
    OnnxFile file = OnnxFile.read(description.file());
    check(file, settings.landmarksRequired());
    boolean free = hasFreeSize(file);
    List<ScrfdTranslator> passes = new ArrayList<>();
    int largest = 0;
    for (int[] size : sizes(file, free, settings)) {
      passes.add(pass(size[0], size[1], settings));
      largest = Math.max(largest, Math.max(size[0], size[1]));
    }
    ScrfdTranslator coarse =
        free && settings.coarseToFine() && largest > COARSE_SIDE
            ? pass(COARSE_SIDE, COARSE_SIDE, settings)
            : null;
    return new ScrfdDetector(OnnxModel.open(file, session), passes, coarse, settings);
  }

  private static ScrfdTranslator pass(int width, int height, DetectionSettings settings) {
    return ScrfdTranslator.ofPass(width, height, settings.scoreThreshold(SCORE_THRESHOLD));
  }

  private static boolean hasFreeSize(OnnxFile file) {
    Value input = file.graph().inputs().get(0);
    boolean free = input.dimension(2) == Value.FREE;
    if (free != (input.dimension(3) == Value.FREE)) {
      throw new WrongModelException(
          "expected an SCRFD detector whose height and width are both free or both fixed, found "
              + input
              + " in "
              + file.name());
    }
    return free;
  }

  private static void check(OnnxFile file, boolean landmarksRequired) {
    ModelKind kind = ModelKind.of(file.graph());
    if (kind == ModelKind.SCRFD_WITHOUT_LANDMARKS && landmarksRequired) {
      throw new WrongModelException(
          "expected an SCRFD detector with landmarks (9 or 15 outputs), found "
              + file.graph().outputs().size()
              + " outputs in "
              + file.name()
              + ": faces are aligned by their landmarks; use a file with 'kps' in its name");
    }
    if (kind != ModelKind.SCRFD_WITH_LANDMARKS && kind != ModelKind.SCRFD_WITHOUT_LANDMARKS) {
      throw new WrongModelException(
          "expected "
              + ModelKind.SCRFD_WITH_LANDMARKS.description()
              + " (input [1,3,H,W]; 6, 9, 10 or 15 outputs of 1, 4 and 10 columns; all 32-bit"
              + " floats), found "
              + kind.description()
              + " in "
              + file.name()
              + " ("
              + file.graph()
              + ")"
              + (kind == ModelKind.ARCFACE ? ": were detector and embedder swapped?" : "")
              + file.graph().elementAdvice());
    }
  }

  /** Width and height of each pass. */
  private static List<int[]> sizes(OnnxFile file, boolean free, DetectionSettings settings) {
    Value input = file.graph().inputs().get(0);
    long height = input.dimension(2);
    long width = input.dimension(3);
    int[] asked = settings.inputSizes();
    if (!free) {
      if (asked != null && Arrays.stream(asked).anyMatch(s -> s != width || s != height)) {
        throw new WrongModelException(
            "expected a detector that runs at "
                + Arrays.toString(asked)
                + ", found that "
                + file.name()
                + " has a fixed input of "
                + width
                + "x"
                + height
                + ": leave inputSizes unset, or use a file with free height and width");
      }
      return List.of(new int[] {Math.toIntExact(width), Math.toIntExact(height)});
    }
    return Arrays.stream(asked == null ? AUTO : asked)
        .distinct()
        .mapToObj(side -> new int[] {side, side})
        .toList();
  }

  @Override
  public List<Face> detect(FaceImage image) {
    List<Face> candidates = new ArrayList<>();
    for (ScrfdTranslator pass : passes) {
      candidates.addAll(model.run(pass, image));
    }
    return settings.limit(Faces.suppress(candidates, suppression), image);
  }

  @Override
  public Optional<Face> detectOne(FaceImage image, FaceSelection selection) {
    // Whether a face is the only one, or the one with the best score, only the full mode knows.
    if (coarse != null
        && (selection == FaceSelection.CENTRAL || selection == FaceSelection.LARGEST)) {
      List<Face> faces = Faces.suppress(model.run(coarse, image), suppression);
      float scale = (float) COARSE_SIDE / Math.max(image.width(), image.height());
      Optional<Face> wanted =
          selection
              .select(faces, image.width(), image.height())
              .filter(face -> face.score() >= COARSE_SCORE)
              .filter(face -> face.box().width() * scale >= COARSE_FACE_WIDTH);
      if (wanted.isPresent()) {
        return wanted;
      }
    }
    return FaceDetector.super.detectOne(image, selection);
  }

  @Override
  public void close() {
    model.close();
  }
}
