// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

/**
 * Decoded pixels on their way into a {@link io.omote.face.FaceImage}. They are not copied: the
 * caller that makes one must not keep the array.
 *
 * @param bgr blue, green, red of each pixel, rows from top to bottom
 * @param width the number of columns
 * @param height the number of rows
 */
public record DecodedPixels(byte[] bgr, int width, int height) {}
