// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.HeadPose;
import io.omote.face.description.Landmarks68Model2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Compares head poses of the bundled pack with those of a network that estimates depth. Prints the
 * figures of docs/analysis.md.
 */
@Tag("testdata")
class LitePoseTest {
  private record Pair(HeadPose found, HeadPose expected) {}

  @Test
  void poses_agreeWithThoseInDepth() {
    List<Pair> of68 = new ArrayList<>();
    List<Pair> of5 = new ArrayList<>();
    try (FaceDetector detector = FaceDetector.create(ModelZoo.lite());
        FaceAnalyzer<DenseLandmarks> analyzer =
            FaceAnalyzer.create(ModelZoo.lite().analyzer(Landmarks68Model2D.class).orElseThrow())) {
      for (JsonElement element : TestData.json("golden/analysis.json").getAsJsonArray("faces")) {
        JsonObject golden = element.getAsJsonObject();
        FaceImage image = FaceImage.read(TestData.path(golden.get("image").getAsString()));
        Face face = nearest(golden, detector.detect(image));
        if (face == null) {
          continue;
        }
        JsonArray pose = golden.getAsJsonArray("pose_pitch_yaw_roll");
        HeadPose expected =
            new HeadPose(
                pose.get(0).getAsDouble(), pose.get(1).getAsDouble(), pose.get(2).getAsDouble());
        of68.add(new Pair(HeadPose.of(analyzer.analyze(image, face)), expected));
        of5.add(new Pair(HeadPose.of(face.landmarks().orElseThrow()), expected));
      }
    }
    assertThat(of68).hasSize(22);
    double[] apart68 = report("68 points", of68);
    double[] apart5 = report("5 points", of5);
    assertThat(apart68[0]).isLessThan(5);
    assertThat(apart68[1]).isLessThan(4);
    assertThat(apart68[2]).isLessThan(3);
    assertThat(apart5[1]).isLessThan(10);
    assertThat(apart5[2]).isLessThan(3);
  }

  private static Face nearest(JsonObject golden, List<Face> faces) {
    JsonArray box = golden.getAsJsonArray("box");
    float x = (box.get(0).getAsFloat() + box.get(2).getAsFloat()) / 2;
    float y = (box.get(1).getAsFloat() + box.get(3).getAsFloat()) / 2;
    return faces.stream()
        .filter(face -> contains(face.box(), x, y))
        .max(Comparator.comparing(Face::score))
        .orElse(null);
  }

  private static boolean contains(BoundingBox box, float x, float y) {
    return x >= box.left() && x <= box.right() && y >= box.top() && y <= box.bottom();
  }

  private static double[] report(String what, List<Pair> pairs) {
    double[] means = new double[3];
    double most = 0;
    List<ToDoubleFunction<HeadPose>> angles =
        List.of(HeadPose::pitch, HeadPose::yaw, HeadPose::roll);
    for (int i = 0; i < 3; i++) {
      for (Pair pair : pairs) {
        double apart =
            Math.abs(
                angles.get(i).applyAsDouble(pair.found())
                    - angles.get(i).applyAsDouble(pair.expected()));
        means[i] += apart / pairs.size();
        most = Math.max(most, apart);
      }
    }
    System.out.printf(
        "%s, %d faces: pitch %.1f, yaw %.1f, roll %.1f degrees apart on average, at most %.1f%n",
        what, pairs.size(), means[0], means[1], means[2], most);
    return means;
  }
}
