// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.FaceGallery;

/**
 * The gallery of face-core, which keeps the contract here because the contract's tests are here.
 */
class MemoryGalleryTest extends GalleryContract {
  @Override
  FaceGallery open() {
    return FaceGallery.inMemory(Faces.MODEL);
  }

  @Override
  boolean lasts() {
    return false;
  }
}
