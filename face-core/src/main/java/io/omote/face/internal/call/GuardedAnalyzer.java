// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.internal.options.NetworkOptions;
import java.util.List;
import java.util.Objects;

/** An analyzer whose calls are guarded. Thread-safe. */
public final class GuardedAnalyzer<A> implements FaceAnalyzer<A> {
  private final FaceAnalyzer<A> analyzer;
  private final CallGuard guard;

  public GuardedAnalyzer(FaceAnalyzer<A> analyzer, NetworkOptions network) {
    this.analyzer = analyzer;
    guard = new CallGuard("analyzer", network);
  }

  @Override
  public List<A> analyze(FaceImage image, List<Face> faces) {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(faces, "faces");
    return guard.call(() -> analyzer.analyze(image, faces));
  }

  @Override
  public void close() {
    guard.close(analyzer::close);
  }
}
