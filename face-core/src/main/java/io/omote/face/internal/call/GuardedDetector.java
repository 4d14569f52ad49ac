// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import io.omote.face.Orientation;
import io.omote.face.SelectedFace;
import io.omote.face.internal.options.NetworkOptions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A detector whose calls are guarded. Thread-safe. */
public final class GuardedDetector implements FaceDetector {
  private final FaceDetector detector;
  private final CallGuard guard;

  public GuardedDetector(FaceDetector detector, NetworkOptions network) {
    this.detector = detector;
    guard = new CallGuard("detector", network);
  }

  @Override
  public List<Face> detect(FaceImage image) {
    Objects.requireNonNull(image, "image");
    return guard.call(() -> detector.detect(image));
  }

  @Override
  public Optional<SelectedFace> detectOne(FaceImage image, FaceSelection selection) {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(selection, "selection");
    return guard.call(() -> detector.detectOne(image, selection));
  }

  @Override
  public Orientation orientation() {
    return detector.orientation();
  }

  @Override
  public void close() {
    guard.close(detector::close);
  }
}
