// SPDX-License-Identifier: Apache-2.0
package io.omote.face.detection;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
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

/** Runs an SCRFD network once for each input size and merges what it finds. Thread-safe. */
public final class ScrfdDetector implements FaceDetector {
  private static final float SCORE_THRESHOLD = 0.5f;

  /** InsightFace's auto mode: the small pass finds faces that fill the picture. */
  private static final int[] AUTO = {128, 640};

  private final OnnxModel model;
  private final List<ScrfdTranslator> passes;
  private final Suppression suppression;
  private final DetectionSettings settings;

  private ScrfdDetector(OnnxModel model, List<ScrfdTranslator> passes, DetectionSettings settings) {
    this.model = model;
    this.passes = List.copyOf(passes);
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
    float threshold = settings.scoreThreshold(SCORE_THRESHOLD);
    List<ScrfdTranslator> passes = new ArrayList<>();
    for (int[] size : sizes(file, settings)) {
      passes.add(ScrfdTranslator.ofPass(size[0], size[1], threshold));
    }
    return new ScrfdDetector(OnnxModel.open(file, session), passes, settings);
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
              + " (input [1,3,H,W]; 6, 9, 10 or 15 outputs), found "
              + kind.description()
              + " in "
              + file.name()
              + " ("
              + file.graph()
              + ")"
              + (kind == ModelKind.ARCFACE ? ": were detector and embedder swapped?" : ""));
    }
  }

  /** Width and height of each pass. */
  private static List<int[]> sizes(OnnxFile file, DetectionSettings settings) {
    Value input = file.graph().inputs().get(0);
    long height = input.dimension(2);
    long width = input.dimension(3);
    int[] asked = settings.inputSizes();
    if (width != Value.FREE && height != Value.FREE) {
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
  public void close() {
    model.close();
  }
}
