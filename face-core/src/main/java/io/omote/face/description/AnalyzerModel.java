// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.util.List;

/**
 * The description of the files of an analyzer, a network that looks at a face; each kind has its
 * own. Immutable and thread-safe.
 *
 * @param <A> what the analyzer says of a face
 */
public sealed interface AnalyzerModel<A>
    permits Landmarks106Model,
        Landmarks68Model,
        Landmarks68Model2D,
        AgeAndSexModel,
        LivenessModel,
        QualityModel {
  /**
   * The files of the analyzer.
   *
   * @return one for each network, an immutable list
   */
  List<ModelFile> files();
}
