// SPDX-License-Identifier: Apache-2.0
package io.omote.face.analysis;

import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.geometry.AffineMap;
import io.omote.face.geometry.SimilarityTransform;
import io.omote.face.image.Cut;
import io.omote.face.image.Region;
import io.omote.face.image.Sampler;
import io.omote.face.model.Normalization;
import io.omote.face.recognition.Alignment;
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

  static Region crop(FaceImage image, Face face) {
    AffineMap toCrop = toCrop(Alignment.landmarksOf(face));
    return new Region(image, toCrop.inverse().orElseThrow(Alignment::degenerate));
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

  static void fill(Region crop, FloatBuffer input) {
    SAMPLER.resize(Cut.whole(Sampler.picture(crop, ALIGNED, ALIGNED)), SIDE, SIDE, input);
  }
}
