// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.cli.image.DisplayedImage;
import java.nio.file.Path;
import java.util.Optional;

/** Cuts the faces that were compared out of images. The networks are open until it is closed. */
final class FaceCrops implements AutoCloseable {
  private final FaceDetector detector;
  private final FaceEmbedder embedder;

  private FaceCrops(FaceDetector detector, FaceEmbedder embedder) {
    this.detector = detector;
    this.embedder = embedder;
  }

  static FaceCrops open(FaceModels models) {
    FaceDetector detector = FaceDetector.create(models);
    try {
      return new FaceCrops(detector, FaceEmbedder.create(models));
    } catch (RuntimeException | Error e) {
      detector.close();
      throw e;
    }
  }

  /** Returns the face of an image, without colors that transparency hides. */
  Optional<FaceImage> of(Path file) {
    DisplayedImage image = DisplayedImage.read(file);
    return detector
        .detectOne(image.stored(), FaceSelection.CENTRAL)
        .map(selected -> embedder.align(image.onWhite(), selected.face()));
  }

  @Override
  public void close() {
    embedder.close();
    detector.close();
  }
}
