// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.analysis;

import io.omote.face.Face;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.Liveness;
import io.omote.face.attribute.MeasuredQuality;
import java.util.Optional;

/**
 * What the models say of a face; what none was given for is empty. Immutable and thread-safe.
 *
 * @param face box, score and five landmarks
 * @param landmarks106 the 106 points
 * @param landmarks68 the 68 points, with depth where the network gives it
 * @param pose how the head is turned
 * @param isPoseRough whether the pose is of five points, whose pitch is of no use
 * @param ageAndSex age and sex
 * @param liveness the scores of liveness
 * @param quality the score of a quality network
 * @param measured the measured quality; empty where the face has no landmarks
 */
public record AnalyzedFace(
    Face face,
    Optional<DenseLandmarks> landmarks106,
    Optional<DenseLandmarks> landmarks68,
    Optional<HeadPose> pose,
    boolean isPoseRough,
    Optional<AgeAndSex> ageAndSex,
    Optional<Liveness> liveness,
    Optional<FaceQuality> quality,
    Optional<MeasuredQuality> measured) {
  /** A face of which no model said anything. */
  public static AnalyzedFace of(Face face) {
    return new AnalyzedFace(
        face,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
