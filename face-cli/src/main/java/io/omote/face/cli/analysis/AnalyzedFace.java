// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.analysis;

import io.omote.face.Face;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.Liveness;
import io.omote.face.attribute.MeasuredQuality;
import java.util.Optional;

/**
 * The results of all models for a face; those without a model are empty. Immutable and thread-safe.
 *
 * @param face box, score and five landmarks
 * @param landmarks106 the 106 points
 * @param landmarks68 the 68 points, with depth where the network gives it
 * @param mesh the mesh
 * @param pose the pose of the head, from the best points
 * @param isPoseRough whether the pose was estimated from five points; its pitch is meaningless then
 * @param ageAndSex age and sex
 * @param liveness the liveness scores
 * @param quality the score of a quality network
 * @param measured the measured quality; empty if the face has no landmarks
 */
public record AnalyzedFace(
    Face face,
    Optional<DenseLandmarks> landmarks106,
    Optional<DenseLandmarks> landmarks68,
    Optional<FaceMesh> mesh,
    Optional<HeadPose> pose,
    boolean isPoseRough,
    Optional<AgeAndSex> ageAndSex,
    Optional<Liveness> liveness,
    Optional<FaceQuality> quality,
    Optional<MeasuredQuality> measured) {
  /** Returns a face without results of analyzers. */
  public static AnalyzedFace of(Face face) {
    return new AnalyzedFace(
        face,
        Optional.empty(),
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
