// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.FaceAnalyzer;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.description.Landmarks106Model;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.options.NetworkOptions;
import java.util.List;

/** InsightFace's 106 points, {@code 2d106det}: x and y of each point from -1 to 1. */
final class Landmarks106 extends RowNetwork<DenseLandmarks> {
  Landmarks106() {
    super(
        "landmarks106",
        Landmarks106Model.class,
        1,
        files -> new Landmarks106Model(files.get(0)),
        3,
        2 * 106);
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
          for (int i = 0; i < row.length; i += 2) {
            put(crop, (row[i] + 1) * half, (row[i + 1] + 1) * half, row, i);
          }
          return DenseLandmarks.of(row);
        });
  }
}
