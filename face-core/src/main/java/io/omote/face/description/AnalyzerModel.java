// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.util.List;

/**
 * The description of the files of an analyzer, one or more networks that analyze a face. Each kind
 * of analyzer has its own description. Immutable and thread-safe.
 *
 * @param <A> the type of the analyzer's results
 */
public sealed interface AnalyzerModel<A>
    permits Landmarks106Model,
        Landmarks68Model,
        Landmarks68Model2D,
        AgeAndSexModel,
        LivenessModel,
        QualityModel,
        FaceMeshModel {
  /**
   * Returns the files of the analyzer.
   *
   * @return one file for each network, an immutable list
   */
  List<ModelFile> files();
}
