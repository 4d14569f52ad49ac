// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.description.Normalization;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.geometry.SimilarityTransform;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.image.SubImage;
import java.nio.FloatBuffer;

/**
 * What LightQNet sees of a face: a crop on eyes and mouth, wider than ArcFace's, and made smaller
 * in a second step. Stateless and thread-safe.
 */
final class LightQNet {
  /** The side of the network's input. */
  static final int SIDE = 96;

  private static final int ALIGNED = 160;

  /** x and y of the eyes and of the middle of the mouth in the aligned crop. */
  private static final double[] TEMPLATE = {
    0.3419 * ALIGNED,
    0.4616 * ALIGNED,
    0.6565 * ALIGNED,
    0.4598 * ALIGNED,
    0.5012 * ALIGNED,
    0.8240 * ALIGNED
  };

  private static final Sampler SAMPLER = Sampler.bgr(new Normalization(128, 128));

  private LightQNet() {}

  static CropTransform crop(FaceImage image, Face face) {
    AffineMap toCrop = toCrop(Alignment.landmarksOf(face));
    return new CropTransform(image, toCrop.inverse().orElseThrow(Alignment::degenerate));
  }

  /** From pixels of the image to pixels of the aligned crop. */
  static AffineMap toCrop(Landmarks landmarks) {
    double[] points = {
      landmarks.leftEye().x(),
      landmarks.leftEye().y(),
      landmarks.rightEye().x(),
      landmarks.rightEye().y(),
      ((double) landmarks.leftMouthCorner().x() + landmarks.rightMouthCorner().x()) / 2,
      ((double) landmarks.leftMouthCorner().y() + landmarks.rightMouthCorner().y()) / 2
    };
    return SimilarityTransform.estimate(points, TEMPLATE).orElseThrow(Alignment::degenerate);
  }

  static void fill(CropTransform crop, FloatBuffer input) {
    SAMPLER.resize(SubImage.whole(Sampler.image(crop, ALIGNED, ALIGNED)), SIDE, SIDE, input);
  }
}
