// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.description.DetectorModel;
import io.omote.face.description.ScrfdModel;
import io.omote.face.description.YuNetModel;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real detectors on turned photos. */
@Tag("testdata")
class TurnedImagesTest {
  private static DetectorModel model(String family) {
    return family.equals("scrfd")
        ? ScrfdModel.of(TestData.model("scrfd_2.5g_kps_dynamic.onnx"))
        : YuNetModel.of(TestData.model("yunet_n_dynamic.onnx"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scrfd", "yunet"})
  void detect_inAnyOrientation_findsTheSameFacesInEachPosition(String family) {
    try (FaceDetector upright = FaceDetector.builder(model(family)).build();
        FaceDetector any =
            FaceDetector.builder(model(family)).orientation(Orientation.ANY).build();
        FaceEmbedder embedder = FaceEmbedder.create(TestData.insightFace())) {
      for (String photo : List.of("obama.jpg", "two_people.jpg")) {
        FaceImage image = FaceImage.read(TestData.path("photos/" + photo));
        List<Face> expected = upright.detect(image);
        assertThat(any.detect(image)).as(photo).isEqualTo(expected);
        for (int degrees : new int[] {90, 180, 270}) {
          FaceImage turned = image.turned(degrees);
          List<Face> faces = any.detect(turned);
          assertThat(faces).as(photo).hasSameSizeAs(expected);
          for (int i = 0; i < faces.size(); i++) {
            assertThat(faces.get(i).turn()).isEqualTo(degrees);
            assertThat(faces.get(i).score()).isEqualTo(expected.get(i).score());
            assertThat(
                    embedder
                        .embed(turned, faces.get(i))
                        .similarity(embedder.embed(image, expected.get(i))))
                .isGreaterThan(0.9999);
          }
        }
      }
    }
  }
}
