// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import io.omote.face.internal.image.DecodedPixels;
import io.omote.face.internal.image.ImageHeader;
import io.omote.face.internal.image.NativeDecoder;

/** A decoder that fails like one that was compiled with another version of face-core. */
public final class OtherDecoder implements NativeDecoder {
  @Override
  public boolean isLoaded() {
    throw new AbstractMethodError(OtherDecoder.class.getName());
  }

  @Override
  public DecodedPixels decode(ImageHeader header, int reduction) {
    throw new NoSuchMethodError(OtherDecoder.class.getName());
  }
}
