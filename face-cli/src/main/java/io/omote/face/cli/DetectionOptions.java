// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceDetector;
import io.omote.face.ImageException;
import io.omote.face.Orientation;
import io.omote.face.description.DetectorModel;
import picocli.CommandLine.Option;

/** The options for detectors. Not thread-safe. */
final class DetectionOptions {
  @Option(
      names = "--orientation",
      paramLabel = "upright|any",
      defaultValue = "upright",
      description =
          "positions in which faces are found; by default ${DEFAULT-VALUE}. In any position takes"
              + " four times as long")
  private Orientation orientation = Orientation.UPRIGHT;

  private int imagesWithoutFace;

  Orientation orientation() {
    return orientation;
  }

  /**
   * Opens a detector.
   *
   * @param threads the number of threads that work on one image
   */
  FaceDetector open(DetectorModel model, int threads) {
    return FaceDetector.builder(model).orientation(orientation).threads(threads).build();
  }

  /** Returns the exception for an image without a face where one is required. */
  ImageException noFace() {
    return orientation == Orientation.ANY
        ? ImageException.noFace()
        : new ImageException(
            ImageException.Reason.NO_FACE,
            "an upright face",
            "none",
            "use an image in which the face is larger or turned to the camera, or try"
                + " --orientation any",
            null);
  }

  /** Counts the faces of an image, for the {@link #hint}. */
  void count(int faces) {
    if (faces == 0) {
      imagesWithoutFace++;
    }
  }

  /** Prints that images without a face may show faces that do not stand upright. */
  void hint(Answers answers) {
    if (imagesWithoutFace > 0 && orientation == Orientation.UPRIGHT) {
      answers.note(
          "no upright face in %s: try --orientation any", Counted.images(imagesWithoutFace));
    }
  }
}
