// SPDX-License-Identifier: Apache-2.0
/**
 * Error rates of verification, identification, liveness and quality, measured on your own images.
 *
 * <p>An {@link io.omote.face.evaluation.Evaluator} runs a {@link io.omote.face.evaluation.Protocol}
 * and returns scores and a report. The scores can also be filled by hand: {@link
 * io.omote.face.evaluation.VerificationScores}, {@link
 * io.omote.face.evaluation.IdentificationScores}, {@link
 * io.omote.face.evaluation.PresentationAttackScores} and {@link
 * io.omote.face.evaluation.ErrorVersusDiscard} are pure arithmetic and touch no image, network or
 * file.
 *
 * <p>Terms follow ISO/IEC 2382-37, ISO/IEC 19795-1, ISO/IEC 30107-3 and ISO/IEC 29794-1.
 */
@NullMarked
package io.omote.face.evaluation;

import org.jspecify.annotations.NullMarked;
