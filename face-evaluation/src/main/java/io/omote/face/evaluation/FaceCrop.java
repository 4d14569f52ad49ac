// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.InterruptedCallException;
import io.omote.face.internal.files.ImageFile;
import io.omote.face.internal.files.ImageFiles;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * A face in a report. Immutable and thread-safe.
 *
 * @param uri the image as a data URI, or an empty text
 * @param problem why there is no image, or an empty text
 */
record FaceCrop(String uri, String problem) {
  /** Returns the face of an image; without one, the reason: that must not end an evaluation. */
  static FaceCrop of(Path file, Function<Path, Optional<FaceImage>> cropper) {
    try {
      return ImageFiles.within(
          file,
          () ->
              cropper
                  .apply(file)
                  .map(crop -> new FaceCrop(uri(crop), ""))
                  .orElseGet(() -> new FaceCrop("", "no face was found")));
    } catch (InterruptedCallException e) {
      throw e;
    } catch (FaceException e) {
      return new FaceCrop("", String.valueOf(e.getMessage()));
    }
  }

  private static String uri(FaceImage crop) {
    return "data:image/jpeg;base64,"
        + Base64.getEncoder().encodeToString(ImageFile.jpeg(crop.toBufferedImage()));
  }
}
