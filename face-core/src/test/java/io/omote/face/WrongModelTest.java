// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the wrong kind are refused when they are opened, with what was found. */
class WrongModelTest {
  @TempDir Path folder;
  private Path detector;
  private Path embedder;

  @BeforeEach
  void models() throws IOException {
    detector = SyntheticModels.scrfd(folder, 9, false, false, 64, List.of());
    embedder = SyntheticModels.meanOfPlanes(folder, SyntheticModels.FREE, false);
  }

  @Test
  void create_swapped_saysSo() {
    FaceModels swapped = FaceModels.of(embedder, detector);
    assertThatThrownBy(() -> FaceDetector.create(swapped))
        .isInstanceOf(WrongModelException.class)
        .hasMessageContainingAll(
            "expected an SCRFD detector",
            "found a recognition network",
            "[?,3,112,112]",
            "swapped?");
    assertThatThrownBy(() -> FaceEmbedder.create(swapped))
        .isInstanceOf(WrongModelException.class)
        .hasMessageContainingAll(
            "expected a recognition network", "found an SCRFD detector", "[1,3,64,64]", "swapped?");
    assertThatThrownBy(() -> FaceMatcher.create(swapped)).isInstanceOf(WrongModelException.class);
  }

  @Test
  void create_ultraLightOfOtherFiles_isRefused() {
    FaceModels models =
        new FaceModels(
            new UltraLightModel(ModelFile.of(detector), ModelFile.of(embedder)),
            EmbedderModel.of(embedder));
    assertThatThrownBy(() -> FaceDetector.create(models))
        .isInstanceOf(WrongModelException.class)
        .hasMessageContainingAll("UltraLight", "scrfd_9.onnx");
  }

  @Test
  void create_operatorsUnknown_isALoadError() throws IOException {
    byte[] bytes = Files.readAllBytes(embedder);
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    Path unknown = folder.resolve("unknown.onnx");
    Files.write(
        unknown,
        text.replace("ReduceMean", "ReduceMoan")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    FaceModels models = FaceModels.of(detector, unknown);
    assertThatThrownBy(() -> FaceEmbedder.create(models))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContainingAll("unknown.onnx", "ReduceMoan");
  }

  @Test
  void create_gpuThatIsNotThere_isAnError() {
    FaceEmbedder.Builder builder =
        FaceEmbedder.builder(EmbedderModel.of(embedder)).device(Device.gpu(0));
    assertThatThrownBy(builder::build)
        .isInstanceOf(DeviceUnavailableException.class)
        .hasMessageContainingAll("gpu(0)", "onnxruntime_gpu", "Device.cpu()");
  }

  @Test
  void ofDirectory_tellsFilesApart() throws IOException {
    Files.writeString(folder.resolve("readme.txt"), "not a model");
    FaceModels models = FaceModels.ofDirectory(folder);
    assertThat(models.detector()).isEqualTo(ScrfdModel.of(detector));
    assertThat(models.embedder().file().path()).contains(embedder);
  }

  @Test
  void ofDirectory_severalOrNone_isRefused() throws IOException {
    SyntheticModels.meanOfPlanes(folder, 1, false);
    assertThatThrownBy(() -> FaceModels.ofDirectory(folder))
        .isInstanceOf(WrongModelException.class)
        .hasMessageContainingAll("exactly one", "a recognition network", "FaceModels.of");
    assertThatThrownBy(() -> FaceModels.ofDirectory(folder.resolve("none")))
        .isInstanceOf(ModelLoadException.class);
  }
}
