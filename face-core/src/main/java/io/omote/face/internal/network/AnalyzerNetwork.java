// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.FaceAnalyzer;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.options.NetworkOptions;
import java.util.List;
import java.util.function.Function;

/**
 * One or more networks that analyze detected faces.
 *
 * @param <A> the type of the results
 */
abstract class AnalyzerNetwork<A> extends Network<AnalyzerModel<A>> {
  AnalyzerNetwork(
      String manifestName,
      Class<? extends AnalyzerModel<A>> description,
      int fileCount,
      Function<List<ModelFile>, AnalyzerModel<A>> constructor) {
    super(manifestName, description, fileCount, constructor);
  }

  /** Opens an analyzer, which is not guarded. */
  abstract FaceAnalyzer<A> open(AnalyzerModel<A> description, NetworkOptions options);
}
