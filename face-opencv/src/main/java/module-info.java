// SPDX-License-Identifier: Apache-2.0
/**
 * A decoder of the images that face-core does not read alone: WebP, JPEG files that the JDK does
 * not decode exactly, and JPEG files at reduced size. It has no API: put it next to face-core.
 */
@SuppressWarnings("requires-automatic")
module io.omote.face.opencv {
  requires io.omote.face.core;
  requires opencv;
  requires static org.jspecify;
  requires org.slf4j;

  provides io.omote.face.internal.image.NativeDecoder with
      io.omote.face.opencv.OpenCvDecoder;
}
