// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.FaceAnalyzer;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.description.Landmarks68Model;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.options.NetworkOptions;
import java.util.Arrays;
import java.util.List;

/** InsightFace's 68 points with depth, {@code 1k3d68}: the last of 1103, from -1 to 1. */
final class Landmarks68 extends RowNetwork<DenseLandmarks> {
  Landmarks68() {
    super(
        "landmarks68",
        Landmarks68Model.class,
        1,
        files -> new Landmarks68Model(files.get(0)),
        3,
        3 * 1103);
  }

  @Override
  FaceAnalyzer<DenseLandmarks> open(List<OnnxFile> files, NetworkOptions options) {
    OnnxFile file = files.get(0);
    double half = side(file.graph()) / 2.0;
    return openSquare(
        file,
        options,
        insightFace(file.graph()),
        SQUARE,
        (row, crop) -> {
          // The other points are those of a dense mesh.
          float[] xyz = Arrays.copyOfRange(row, row.length - 3 * 68, row.length);
          for (int i = 0; i < xyz.length; i += 3) {
            float z = xyz[i + 2];
            put(crop, (xyz[i] + 1) * half, (xyz[i + 1] + 1) * half, xyz, i);
            xyz[i + 2] = (float) (z * half * crop.toImage().xx());
          }
          return DenseLandmarks.withDepth(xyz);
        });
  }
}
