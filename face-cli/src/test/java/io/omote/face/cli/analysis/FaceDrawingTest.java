// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.HeadPose;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drawings on images of one color. */
class FaceDrawingTest {
  /** A face with a box of 30 pixels at 40, 40, on which an eye has about six by three pixels. */
  private static AnalyzedFace small() {
    Face face =
        new Face(
            new BoundingBox(40, 40, 70, 80),
            0.9f,
            Optional.of(
                new Landmarks(
                    new Point(48, 55),
                    new Point(62, 55),
                    new Point(55, 63),
                    new Point(49, 71),
                    new Point(61, 71))));
    AnalyzedFace bare = AnalyzedFace.of(face);
    return new AnalyzedFace(
        face,
        bare.landmarks106(),
        bare.landmarks68(),
        bare.mesh(),
        Optional.of(new HeadPose(10, 20, 5)),
        false,
        bare.ageAndSex(),
        bare.liveness(),
        bare.quality(),
        bare.measured());
  }

  /** A face with a mesh that covers its box evenly, and irises of a twentieth of its width. */
  private static AnalyzedFace meshed(float left, float width, double presence) {
    float[] xyz = new float[3 * FaceMesh.POINTS];
    for (int at = 0; at < FaceMesh.POINTS; at++) {
      xyz[3 * at] = left + width * (at % 21 + 0.5f) / 21;
      xyz[3 * at + 1] = left + width * (at / 21 + 0.5f) / 23;
    }
    for (int iris : new int[] {468, 473}) {
      float x = left + width * (iris == 468 ? 0.3f : 0.7f);
      float y = left + width * 0.4f;
      float radius = width / 20;
      float[][] rim = {{0, 0}, {radius, 0}, {0, -radius}, {-radius, 0}, {0, radius}};
      for (int at = 0; at < rim.length; at++) {
        xyz[3 * (iris + at)] = x + rim[at][0];
        xyz[3 * (iris + at) + 1] = y + rim[at][1];
      }
    }
    AnalyzedFace bare =
        AnalyzedFace.of(
            new Face(
                new BoundingBox(left, left, left + width, left + width), 0.9f, Optional.empty()));
    return new AnalyzedFace(
        bare.face(),
        bare.landmarks106(),
        bare.landmarks68(),
        Optional.of(FaceMesh.of(presence, DenseLandmarks.withDepth(xyz))),
        bare.pose(),
        bare.isPoseRough(),
        bare.ageAndSex(),
        bare.liveness(),
        bare.quality(),
        bare.measured());
  }

  /** Returns the pixels in the box of a face with a mesh whose green changed by so many levels. */
  private static long changed(float width, double presence, int levels) {
    int side = Math.round(width) + 80;
    byte[] bgr = new byte[3 * side * side];
    Arrays.fill(bgr, (byte) 128);
    try (FaceDrawing drawing = new FaceDrawing(FaceImage.ofBgr(bgr, side, side))) {
      drawing.add(meshed(40, width, presence));
      int inside = Math.round(width * 0.8f);
      int from = 40 + Math.round(width * 0.1f);
      int[] pixels = drawing.image().getRGB(from, from, inside, inside, null, 0, inside);
      return Arrays.stream(pixels)
          .filter(pixel -> Math.abs((pixel >> 8 & 0xff) - 128) >= levels)
          .count();
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {20, 30, 60, 200, 1000})
  void mesh_isVisible_andHidesNoFaceOfAnySize(float width) {
    assertThat(changed(width, 1, 10)).isGreaterThan(Math.round(0.02 * 0.64 * width * width));
    assertThat(changed(width, 1, 40)).isLessThan(Math.round(0.15 * 0.64 * width * width));
    assertThat(changed(width, 0.49, 1)).as("of a mesh that does not lie on a face").isZero();
  }

  private static BufferedImage drawn(int side, int level) {
    byte[] bgr = new byte[3 * side * side];
    Arrays.fill(bgr, (byte) level);
    try (FaceDrawing drawing = new FaceDrawing(FaceImage.ofBgr(bgr, side, side))) {
      drawing.add(small());
      return drawing.image();
    }
  }

  private static Set<Integer> colors(
      BufferedImage image, int left, int top, int width, int height) {
    Set<Integer> colors = new HashSet<>();
    for (int pixel : image.getRGB(left, top, width, height, null, 0, width)) {
      colors.add(pixel & 0xffffff);
    }
    return colors;
  }

  /** A small face in a large image must stay visible. */
  @Test
  void add_ofASmallFace_isTheSameInALargeImage() {
    BufferedImage small = drawn(120, 128);
    BufferedImage large = drawn(3000, 128);
    // Without the label, whose text is not smaller than nine pixels.
    int[] ofSmall = small.getRGB(38, 54, 34, 30, null, 0, 34);
    assertThat(large.getRGB(38, 54, 34, 30, null, 0, 34)).isEqualTo(ofSmall);
  }

  @Test
  void add_ofASmallFace_leavesMostOfTheEyes() {
    BufferedImage image = drawn(3000, 128);
    for (int x : new int[] {48, 62}) {
      long hidden =
          Arrays.stream(image.getRGB(x - 3, 53, 6, 4, null, 0, 6))
              .filter(pixel -> (pixel & 0xffffff) != 0x808080)
              .count();
      assertThat(hidden).as("of 24 pixels").isBetween(1L, 9L);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128, 255})
  void add_onAnyGround_hasLightAndDarkParts(int level) {
    Set<Integer> colors = colors(drawn(120, level), 38, 54, 4, 20);
    assertThat(colors).anyMatch(color -> (color >> 8 & 0xff) > 190);
    assertThat(colors).anyMatch(color -> (color >> 8 & 0xff) < 64);
  }

  @Test
  void axes_haveOtherColorsThanTheBox() {
    BufferedImage image = drawn(120, 128);
    Set<Integer> inside = colors(image, 44, 56, 22, 20);
    // Lines at an angle blend with the ground.
    assertThat(inside)
        .anyMatch(color -> (color >> 8 & 0xff) > 60 + Math.max(color >> 16, color & 0xff))
        .anyMatch(color -> (color >> 16) > 60 + Math.max(color >> 8 & 0xff, color & 0xff))
        .doesNotContain(0xffd600);
    assertThat(colors(image, 38, 38, 34, 44)).contains(0xffd600);
  }
}
