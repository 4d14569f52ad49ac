// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.FaceAnalyzer;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.options.NetworkOptions;
import java.util.List;

/**
 * The 68 points of an UltraLight detector: input {@code [N,1,S,S]}, gray, {@code x / 256}, the
 * square around the box; output x and y of each point as fractions of the square.
 */
final class Landmarks68In2D extends RowNetwork<DenseLandmarks> {
  static final Sampler GRAY = Sampler.gray(new Normalization(0, 256));

  Landmarks68In2D() {
    super(
        "landmarks68-2d",
        Landmarks68Model2D.class,
        1,
        files -> new Landmarks68Model2D(files.get(0)),
        1,
        2 * 68);
  }

  @Override
  FaceAnalyzer<DenseLandmarks> open(List<OnnxFile> files, NetworkOptions options) {
    OnnxFile file = files.get(0);
    double side = side(file.graph());
    return openSquare(file, options, GRAY, 1, (row, crop) -> points(row, crop, side));
  }

  /** Reads a row of fractions of a number of pixels. */
  static DenseLandmarks points(float[] row, CropTransform crop, double pixels) {
    for (int i = 0; i < row.length; i += 2) {
      put(crop, row[i] * pixels, row[i + 1] * pixels, row, i);
    }
    return DenseLandmarks.of(row);
  }
}
