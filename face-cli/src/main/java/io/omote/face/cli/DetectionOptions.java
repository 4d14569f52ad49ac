// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceDetector;
import io.omote.face.FaceMatcher;
import io.omote.face.Orientation;
import picocli.CommandLine.Option;

/** The options for what a command's detector finds. */
public final class DetectionOptions {
  @Option(
      names = "--orientation",
      paramLabel = "any|upright",
      description =
          "any: also find faces that are turned by 90, 180 or 270 degrees, in four times the time;"
              + " upright by default")
  private Orientation orientation = Orientation.UPRIGHT;

  /** Returns whether only upright faces are found, so that {@link TurnedFaces} may find others. */
  public boolean isUpright() {
    return orientation == Orientation.UPRIGHT;
  }

  /** Sets the options of a detector. */
  public FaceDetector.Builder applyTo(FaceDetector.Builder detector) {
    return detector.orientation(orientation);
  }

  /** Sets the options of a matcher's detector. */
  public FaceMatcher.Builder applyTo(FaceMatcher.Builder matcher) {
    return matcher.detection(this::applyTo);
  }
}
