// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.attribute.Liveness;
import java.util.List;
import java.util.stream.IntStream;

/** Two networks of liveness, asked one after the other. Thread-safe. */
final class LivenessAnalyzer implements FaceAnalyzer<Liveness> {
  private final FaceAnalyzer<Float> first;
  private final FaceAnalyzer<Float> second;

  LivenessAnalyzer(FaceAnalyzer<Float> first, FaceAnalyzer<Float> second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public List<Liveness> analyze(FaceImage image, List<Face> faces) {
    List<Float> ones = first.analyze(image, faces);
    List<Float> others = second.analyze(image, faces);
    return IntStream.range(0, faces.size())
        .mapToObj(i -> new Liveness(List.of(ones.get(i), others.get(i))))
        .toList();
  }

  @Override
  public void close() {
    try (first) {
      second.close();
    }
  }
}
