// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import io.omote.face.internal.image.DecodedPixels;
import io.omote.face.internal.image.ImageHeader;
import io.omote.face.internal.image.NativeDecoder;

/** A decoder that cannot be created. */
public final class BrokenDecoder implements NativeDecoder {
  /** Fails. */
  public BrokenDecoder() {
    throw new IllegalStateException("a decoder that cannot be created");
  }

  @Override
  public boolean isLoaded() {
    throw new UnsupportedOperationException();
  }

  @Override
  public DecodedPixels decode(ImageHeader header, int reduction) {
    throw new UnsupportedOperationException();
  }
}
