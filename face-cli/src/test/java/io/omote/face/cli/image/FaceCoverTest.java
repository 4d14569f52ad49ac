// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.BoundingBox;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Covers of faces inside the image and at its borders. */
class FaceCoverTest {
  private static final int SIDE = 120;

  /** Returns a face of 60 by 80 pixels; at (0, 0) it is in the center of the image. */
  private static BoundingBox box(int x, int y) {
    return new BoundingBox(x + 30, y + 20, x + 90, y + 100);
  }

  /** Returns an image of alternating black and white, whose averages are neither. */
  private static BufferedImage chessboard(int type) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, type);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        image.setRGB(x, y, (x + y) % 2 == 0 ? 0xff000000 : 0xffffffff);
      }
    }
    return image;
  }

  @ParameterizedTest
  @EnumSource
  void wholeFace_isCovered_alsoWhereTheImageCutsItOff(FaceCover how) {
    // In the image, beyond each of its sides, and beyond each of its corners.
    for (int x = -80; x <= 80; x += 20) {
      for (int y = -100; y <= 100; y += 20) {
        BufferedImage image = chessboard(BufferedImage.TYPE_3BYTE_BGR);
        BoundingBox box = box(x, y);

        how.cover(image, box);

        Ellipse2D face =
            new Ellipse2D.Double(
                box.left() - 0.15 * box.width(),
                box.top() - 0.15 * box.height(),
                1.3 * box.width(),
                1.3 * box.height());
        for (int row = 0; row < SIDE; row++) {
          for (int column = 0; column < SIDE; column++) {
            int level = image.getRGB(column, row) & 0xff;
            if (face.contains(column + 0.5, row + 0.5)) {
              // The mean of a few pixels may be nearer to one of both.
              assertThat(level).as("%s of %s at %d, %d", how, box, column, row).isBetween(32, 223);
            }
          }
        }
      }
    }
  }

  /** Half a face shows no more than half of what remains of a whole face. */
  @ParameterizedTest
  @CsvSource({"0, 0, 25", "60, 0, 15", "-60, 0, 15", "60, 80, 9"})
  void means_areOfPartsOfTheWholeFace(int x, int y, int most) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(1);
    for (int at = 0; at < SIDE * SIDE; at++) {
      image.setRGB(at % SIDE, at / SIDE, random.nextInt());
    }
    BoundingBox box = box(x, y);

    FaceCover.MOSAIC.cover(image, box);

    Set<Integer> colors = new HashSet<>();
    for (int row = Math.max(0, (int) box.top()); row < Math.min(SIDE, box.bottom()); row++) {
      for (int column = Math.max(0, (int) box.left());
          column < Math.min(SIDE, box.right());
          column++) {
        colors.add(image.getRGB(column, row));
      }
    }
    assertThat(colors).hasSizeLessThanOrEqualTo(most);
  }

  /** Nothing shows through, and hidden colors do not affect averages. */
  @ParameterizedTest
  @EnumSource
  void transparentImage_keepsNothingOfTheFace(FaceCover how) {
    BufferedImage one = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
    BufferedImage other = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int seen = (x + y) % 2 == 0 ? 0x80_40_50_60 : 0;
        one.setRGB(x, y, seen);
        other.setRGB(x, y, seen == 0 ? 0x00_ff_ff_ff : seen);
      }
    }

    how.cover(one, box(0, 0));
    how.cover(other, box(0, 0));

    for (int y = 30; y < 90; y++) {
      for (int x = 40; x < 80; x++) {
        assertThat(one.getRGB(x, y)).isEqualTo(other.getRGB(x, y));
        assertThat(one.getRGB(x, y) >>> 24).isNotIn(0, 0x80);
      }
    }
  }

  @Test
  void faceOutsideOfTheImage_changesNothing() {
    BufferedImage image = chessboard(BufferedImage.TYPE_3BYTE_BGR);
    FaceCover.FILL.cover(image, box(200, 0));
    assertThat(image.getRGB(0, 0)).isEqualTo(0xff000000);
    assertThat(image.getRGB(SIDE - 1, 0)).isEqualTo(0xffffffff);
  }
}
