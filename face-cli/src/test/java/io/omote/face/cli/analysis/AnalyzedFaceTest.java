// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.ExpressionCoefficient;
import io.omote.face.attribute.FaceMesh;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The text of a face with all its results, which may get into a log. */
class AnalyzedFaceTest {
  @Test
  void toString_showsNothingOfTheMeshButItsPresence() {
    float[] xyz = new float[3 * FaceMesh.POINTS];
    Arrays.fill(xyz, 77.25f);
    FaceMesh mesh =
        FaceMesh.of(0.875, DenseLandmarks.withDepth(xyz))
            .withCoefficients(
                Arrays.stream(ExpressionCoefficient.values())
                    .collect(Collectors.toMap(each -> each, each -> 0.6875)));
    AnalyzedFace bare =
        AnalyzedFace.of(new Face(new BoundingBox(1, 2, 3, 4), 0.5f, Optional.empty()));
    AnalyzedFace analyzed =
        new AnalyzedFace(
            bare.face(),
            bare.landmarks106(),
            bare.landmarks68(),
            Optional.of(mesh),
            bare.pose(),
            bare.isPoseRough(),
            bare.ageAndSex(),
            bare.liveness(),
            bare.quality(),
            bare.measured());

    assertThat(analyzed.toString()).contains("0.875").doesNotContain("77.25", "6875", "eyeBlink");
    assertThat(mesh.leftEye().toString() + mesh.leftEye().gaze()).isEqualTo("EyeGaze");
  }
}
