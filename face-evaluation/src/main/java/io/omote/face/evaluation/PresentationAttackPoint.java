// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

/**
 * Both error rates of liveness at a threshold. Immutable and thread-safe.
 *
 * @param threshold the score from which on a face counts as live
 * @param apcer the highest attack presentation classification error rate of the species, in [0, 1]
 * @param bpcer the bona fide presentation classification error rate, in [0, 1]
 */
public record PresentationAttackPoint(double threshold, double apcer, double bpcer) {}
