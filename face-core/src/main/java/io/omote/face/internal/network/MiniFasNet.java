// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.ModelException;
import io.omote.face.attribute.Liveness;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.Normalization;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.image.SubImage;
import io.omote.face.internal.options.NetworkOptions;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Silent-Face-Anti-Spoofing's pair of MiniFASNet: input {@code [N,3,80,80]}, BGR, 0 to 255, a face
 * with its surroundings; output three logits, of which the second is live.
 */
final class MiniFasNet extends RowNetwork<Liveness> {
  static final int SIDE = 80;

  private static final Sampler BGR = Sampler.bgr(Normalization.IN_GRAPH);

  /** The sizes of the inputs of both networks, as multiples of the box. */
  private static final double V2_CONTEXT = 2.7;

  private static final double V1SE_CONTEXT = 4.0;

  MiniFasNet() {
    super(
        "liveness",
        LivenessModel.class,
        2,
        files -> new LivenessModel(files.get(0), files.get(1)),
        3,
        3,
        SIDE);
  }

  @Override
  FaceAnalyzer<Liveness> open(List<OnnxFile> files, NetworkOptions options) {
    boolean isSwapped = hasSqueeze(files.get(0));
    OnnxFile v2 = files.get(isSwapped ? 1 : 0);
    OnnxFile v1se = files.get(isSwapped ? 0 : 1);
    if (hasSqueeze(v2) || !hasSqueeze(v1se)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected MiniFASNetV2 and MiniFASNetV1SE, which alone has squeeze and excitation, found %s and %s: give each once",
              v2.name(),
              v1se.name()));
    }
    FaceAnalyzer<Float> first = open(v2, V2_CONTEXT, options);
    try {
      return new Pair(first, open(v1se, V1SE_CONTEXT, options));
    } catch (RuntimeException | Error e) {
      first.close();
      throw e;
    }
  }

  private static boolean hasSqueeze(OnnxFile file) {
    return file.graph().operatorTypes().contains("GlobalAveragePool");
  }

  private FaceAnalyzer<Float> open(OnnxFile file, double context, NetworkOptions options) {
    return new CropAnalyzer<SubImage, Float>(
        OnnxModel.open(file, options),
        translator(
            file, (crop, input) -> BGR.resize(crop, SIDE, SIDE, input), (row, crop) -> live(row)),
        (image, face) -> crop(image, face.box(), context));
  }

  /**
   * Cuts out a multiple of a box. It is shifted into the image, and made smaller if the image is
   * smaller.
   */
  static SubImage crop(FaceImage image, BoundingBox box, double multiple) {
    int boxWidth = (int) (box.width() + 1);
    int boxHeight = (int) (box.height() + 1);
    double scale =
        Math.min(
            (image.height() - 1) / (double) boxHeight,
            Math.min((image.width() - 1) / (double) boxWidth, multiple));
    int[] across = span((int) box.left(), boxWidth, scale, image.width());
    int[] down = span((int) box.top(), boxHeight, scale, image.height());
    return new SubImage(
        image, across[0], down[0], across[1] - across[0] + 1, down[1] - down[0] + 1);
  }

  /** Returns the first and the last pixel. */
  private static int[] span(int from, int size, double scale, int limit) {
    double length = size * scale;
    double center = size / 2.0 + from;
    double first = center - length / 2;
    double last = center + length / 2;
    if (first < 0) {
      last -= first;
      first = 0;
    }
    if (last > limit - 1) {
      first -= last - limit + 1;
      last = limit - 1;
    }
    // Rounding may leave a sliver outside.
    return new int[] {Math.max(0, (int) first), Math.min(limit - 1, (int) last)};
  }

  /** Returns the second of three by softmax. */
  private static float live(float[] logits) {
    double largest = Math.max(logits[0], Math.max(logits[1], logits[2]));
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return (float) (Math.exp(logits[1] - largest) / sum);
  }

  /** Runs both networks, one after the other. Thread-safe. */
  private record Pair(FaceAnalyzer<Float> first, FaceAnalyzer<Float> second)
      implements FaceAnalyzer<Liveness> {
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
}
