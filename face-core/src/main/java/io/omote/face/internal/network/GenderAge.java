// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.FaceAnalyzer;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.options.NetworkOptions;
import java.util.List;

/**
 * InsightFace's age and sex, {@code genderage}: the logits of female and male, and the age in
 * hundreds of years.
 */
final class GenderAge extends RowNetwork<AgeAndSex> {
  GenderAge() {
    super("age-and-sex", AgeAndSexModel.class, 1, files -> new AgeAndSexModel(files.get(0)), 3, 3);
  }

  /** Liveness has the same columns. */
  @Override
  boolean fitsSide(long side) {
    return super.fitsSide(side) && side != MiniFasNet.SIDE;
  }

  @Override
  FaceAnalyzer<AgeAndSex> open(List<OnnxFile> files, NetworkOptions options) {
    OnnxFile file = files.get(0);
    return openSquare(
        file,
        options,
        insightFace(file.graph()),
        SQUARE,
        (row, crop) -> new AgeAndSex(100 * row[2], row[0], row[1]));
  }
}
