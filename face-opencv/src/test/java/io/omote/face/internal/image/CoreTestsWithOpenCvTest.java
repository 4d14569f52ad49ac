// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

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
  class Bitmaps extends BmpFileTest {}

  /** These take longer, and mostly call decoders that do not see the other module. */
  @Nested
  @Tag("testdata")
  @EnabledIfSystemProperty(named = "omote.testdata", matches = ".+")
  class Pngs extends PngFileTest {}

  @Nested
  @Tag("testdata")
  @EnabledIfSystemProperty(named = "omote.testdata", matches = ".+")
  class Jpegs extends JdkJpegDecoderTest {}
}
