// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

/**
 * A decoder by a native library, of the images that the decoders of this module do not read. The
 * module face-opencv provides it, and {@link NativeDecoders} finds it.
 *
 * <p>Implementations are thread-safe.
 */
public interface NativeDecoder {
  /**
   * Returns whether the native library is loaded, so that the next image does not wait for it.
   *
   * @return true if it is loaded
   */
  boolean isLoaded();

  /**
   * Decodes an image as it is stored, without turning it upright.
   *
   * @param header the header of the file
   * @param reduction the factor by which sides are reduced: 1, or for JPEG also 2, 4 or 8
   * @return the pixels as they are stored
   * @throws io.omote.face.ImageException if the image cannot be decoded, or does not fit into
   *     memory
   * @throws io.omote.face.ModelException if the library cannot be loaded
   */
  DecodedPixels decode(ImageHeader header, int reduction);
}
