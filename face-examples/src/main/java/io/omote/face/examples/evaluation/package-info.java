// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code Evaluate} and {@code Calibrate} are made of: which pictures to compare ({@link
 * io.omote.face.examples.evaluation.Protocol}), their embeddings ({@link
 * io.omote.face.examples.evaluation.EmbeddedPictures}), the scores ({@link
 * io.omote.face.examples.evaluation.Scoring}) and what is told about them ({@link
 * io.omote.face.examples.evaluation.Report}).
 */
@NullMarked
package io.omote.face.examples.evaluation;

import org.jspecify.annotations.NullMarked;
