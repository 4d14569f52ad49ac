// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.omote.face.BoundingBox;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.TestData;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.SubImage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The crops that networks take, compared with those of the reference code. */
@Tag("testdata")
class CropsGoldenTest {
  private static List<JsonObject> faces() {
    List<JsonObject> faces = new ArrayList<>();
    for (JsonElement face : TestData.json("golden/analysis.json").getAsJsonArray("faces")) {
      faces.add(face.getAsJsonObject());
    }
    assertThat(faces).hasSizeGreaterThan(20);
    return faces;
  }

  @Test
  void surroundings_areEqual() {
    for (JsonObject golden : faces()) {
      FaceImage image = FaceImage.read(TestData.path(golden.get("image").getAsString()));
      JsonArray box = golden.getAsJsonArray("box");
      BoundingBox of =
          new BoundingBox(
              box.get(0).getAsFloat(),
              box.get(1).getAsFloat(),
              box.get(2).getAsFloat(),
              box.get(3).getAsFloat());
      JsonObject liveness = golden.getAsJsonObject("liveness");
      assertEqual(liveness, "MiniFASNetV2", of, image, 2.7);
      assertEqual(liveness, "MiniFASNetV1SE", of, image, 4.0);
    }
  }

  private static void assertEqual(
      JsonObject liveness, String network, BoundingBox box, FaceImage image, double times) {
    SubImage found = MiniFasNet.crop(image, box, times);
    int right = found.left() + found.width() - 1;
    int bottom = found.top() + found.height() - 1;
    JsonArray expected = liveness.getAsJsonObject(network).getAsJsonArray("crop_ltrb_inclusive");
    assertThat(List.of(found.left(), found.top(), right, bottom))
        .isEqualTo(expected.asList().stream().map(JsonElement::getAsInt).toList());
  }

  @Test
  void lightQNet_alignsAlike() {
    for (JsonObject golden : faces()) {
      List<Point> five = new ArrayList<>();
      for (JsonElement point : golden.getAsJsonArray("landmarks")) {
        JsonArray xy = point.getAsJsonArray();
        five.add(new Point(xy.get(0).getAsFloat(), xy.get(1).getAsFloat()));
      }
      AffineMap map =
          Quality.toLightQNetCrop(
              new Landmarks(five.get(0), five.get(1), five.get(2), five.get(3), five.get(4)));
      JsonArray rows = golden.getAsJsonArray("quality_matrix160");
      double[] found = {map.xx(), map.xy(), map.x0(), map.yx(), map.yy(), map.y0()};
      for (int i = 0; i < found.length; i++) {
        double expected = rows.get(i / 3).getAsJsonArray().get(i % 3).getAsDouble();
        assertThat(found[i]).isCloseTo(expected, within(i % 3 == 2 ? 0.05 : 1e-4));
      }
    }
  }
}
