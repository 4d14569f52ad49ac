// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import org.junit.jupiter.api.Nested;

/** What face-core does alone, it does beside this module: the same pixels, the same errors. */
class CoreTestsWithOpenCvTest {
  @Nested
  class Headers extends ImageHeaderTest {}

  @Nested
  class Formats extends ImageFormatsTest {}

  @Nested
  class Orientations extends OrientationTest {}

  @Nested
  class Limits extends WorkLimitsTest {}

  @Nested
  class Pngs extends PngFileTest {}

  @Nested
  class Bitmaps extends BmpFileTest {}

  @Nested
  class Jpegs extends JdkJpegDecoderTest {}
}
