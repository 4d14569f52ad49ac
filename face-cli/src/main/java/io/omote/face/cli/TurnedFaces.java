// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import io.omote.face.Orientation;
import io.omote.face.description.DetectorModel;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A hint for images in which no face was found, or one that is like no other: their face may not
 * stand upright. It looks in all positions, and opens its detector for the first such image.
 * Thread-safe.
 */
final class TurnedFaces implements AutoCloseable {
  private final DetectorModel model;
  private @Nullable FaceDetector detector;

  TurnedFaces(DetectorModel model) {
    this.model = model;
  }

  /**
   * Returns the hint for an image.
   *
   * @param image the image
   * @param selection which face of several counts, any but {@link FaceSelection#ONLY}
   * @return how the face stands and what to do; empty if it stands upright, or there is none
   */
  Optional<String> hint(FaceImage image, FaceSelection selection) {
    return detector()
        .detectOne(image, selection)
        .map(selected -> selected.face().turn())
        .filter(degrees -> degrees != 0)
        .map(TurnedFaces::hint);
  }

  private static String hint(int degrees) {
    return String.format(
        Locale.ROOT,
        "the face is %s: use --orientation any, or turn the image",
        degrees == 180 ? "upside down" : "turned by about 90 degrees");
  }

  private synchronized FaceDetector detector() {
    if (detector == null) {
      detector = FaceDetector.builder(model).orientation(Orientation.ANY).build();
    }
    return detector;
  }

  @Override
  public synchronized void close() {
    if (detector != null) {
      detector.close();
    }
  }
}
