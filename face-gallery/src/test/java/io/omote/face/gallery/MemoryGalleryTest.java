// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.FaceGallery;

/**
 * The gallery of face-core. Its contract is tested here because the tests of the contract are here.
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
