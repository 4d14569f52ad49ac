// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import io.omote.face.GalleryEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A gallery that nothing outlives. Thread-safe.
 *
 * @hidden
 */
public final class MemoryGallery extends ExactGallery {
  /**
   * Makes an empty gallery.
   *
   * @param modelId the id of its model
   */
  public MemoryGallery(String modelId) {
    super(modelId);
  }

  @Override
  protected void store(List<GalleryEntry> added) {
    // Memory is all there is.
  }

  @Override
  protected void erase(String person, @Nullable String sample) {
    // Memory is all there is.
  }

  @Override
  protected void release() {
    // Nothing is held.
  }
}
