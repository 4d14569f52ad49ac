// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceMatcher;
import io.omote.face.Orientation;
import io.omote.face.description.DetectorModel;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options for what a command's detector finds. Not thread-safe. */
final class DetectionOptions {
  @Option(
      names = "--orientation",
      paramLabel = "any|upright",
      completionCandidates = Names.class,
      description =
          "any: also find faces that are turned by 90, 180 or 270 degrees, in four times the time;"
              + " upright by default")
  private Orientation orientation = Orientation.UPRIGHT;

  /** The values of the option, which complete it. */
  static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Names() {
      super(List.of("upright", "any"));
    }
  }

  private int imagesWithoutFace;
  private int imagesWithTurnedFace;

  /** Returns whether only upright faces are found, so that {@link TurnedFaces} may find others. */
  boolean isUpright() {
    return orientation == Orientation.UPRIGHT;
  }

  /** Returns the positions in which faces are found. */
  Orientation orientation() {
    return orientation;
  }

  /**
   * Opens a detector.
   *
   * @param threads the number of threads that work on one image
   */
  FaceDetector open(DetectorModel model, int threads) {
    return applyTo(FaceDetector.builder(model)).threads(threads).build();
  }

  /** Sets the options of a detector. */
  FaceDetector.Builder applyTo(FaceDetector.Builder detector) {
    return detector.orientation(orientation);
  }

  /** Sets the options of a matcher's detector. */
  FaceMatcher.Builder applyTo(FaceMatcher.Builder matcher) {
    return matcher.detection(this::applyTo);
  }

  /** Counts the faces of an image, for the {@link #hint}. */
  void count(List<Face> faces) {
    if (faces.isEmpty()) {
      imagesWithoutFace++;
    } else if (faces.stream().anyMatch(face -> face.turn() != 0)) {
      imagesWithTurnedFace++;
    }
  }

  /** Prints that images may show faces that do not stand upright, which are missed or misread. */
  void hint(Answers answers) {
    if (!isUpright()) {
      return;
    }
    if (imagesWithoutFace > 0) {
      answers.note(
          "no upright face in %s: try --orientation any", Counted.images(imagesWithoutFace));
    }
    if (imagesWithTurnedFace > 0) {
      answers.note(
          "a face does not stand upright in %s: try --orientation any",
          Counted.images(imagesWithTurnedFace));
    }
  }
}
