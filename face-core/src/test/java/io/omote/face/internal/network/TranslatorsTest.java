// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.translate.Translator;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.omote.face.FaceImage;
import io.omote.face.ModelException;
import io.omote.face.SyntheticModels;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.options.NetworkOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Translators over files that were not checked, as users of DJL's own API may run them. */
class TranslatorsTest {
  @TempDir Path folder;

  /** A graph may declare floats and give other numbers. */
  @Test
  void run_outputsOfFloat16_isRefusedByEachTranslator() throws IOException {
    int type = TensorProto.DataType.FLOAT16_VALUE;
    Path scrfd = casting(SyntheticModels.scrfd(folder, 9, false, false, 64, List.of()), type);
    FaceImage image = FaceImage.ofBgr(new byte[3 * 112 * 112], 112, 112);
    assertRunRefused(scrfd, faces(new Scrfd(), 64), image);
    Path retinaFace =
        SyntheticModels.retinaFaceOfRed(folder, 64, 0.9f, 48, true).file().path().orElseThrow();
    assertRunRefused(casting(retinaFace, type), faces(new RetinaFace(), 64), image);
    CropTransform crop = new CropTransform(image, AffineMap.IDENTITY);
    Path embedder = SyntheticModels.meanOfPlanes(folder, SyntheticModels.FREE, false);
    assertRunRefused(
        casting(embedder, type),
        new ArcFace().translator(EmbedderModel.of(embedder)),
        List.of(crop));
    Path boxes =
        SyntheticModels.write(
            folder.resolve("boxes.onnx"),
            GraphProto.newBuilder()
                .setName("boxes")
                .addInput(SyntheticModels.value("input", 1, 3, 8, 8))
                .addInitializer(SyntheticModels.tensor("s", new float[2], 1, 1, 2))
                .addInitializer(SyntheticModels.tensor("b", new float[4], 1, 1, 4))
                .addNode(SyntheticModels.node("Identity", "scores", "s"))
                .addNode(SyntheticModels.node("Identity", "boxes", "b"))
                .addOutput(SyntheticModels.value("scores", 1, 1, 2))
                .addOutput(SyntheticModels.value("boxes", 1, 1, 4)));
    assertRunRefused(casting(boxes, type), faces(new UltraLight(), 8), image);
  }

  /** The first output alone would be an embedding. */
  @Test
  void run_aNetworkOfTwoOutputs_isRefusedByTheRecognizer() throws IOException {
    Path embedder = SyntheticModels.meanOfPlanes(folder, SyntheticModels.FREE, false);
    ModelProto.Builder changed = ModelProto.parseFrom(Files.readAllBytes(embedder)).toBuilder();
    GraphProto.Builder graph = changed.getGraphBuilder();
    graph
        .addNode(SyntheticModels.node("Identity", "second", graph.getOutput(0).getName()))
        .addOutput(graph.getOutput(0).toBuilder().setName("second"));
    Path two = Files.write(folder.resolve("two.onnx"), changed.build().toByteArray());
    FaceImage image = FaceImage.ofBgr(new byte[3 * 112 * 112], 112, 112);
    List<CropTransform> crops = List.of(new CropTransform(image, AffineMap.IDENTITY));
    try (OnnxModel model =
        OnnxModel.open(
            OnnxFile.read(ModelFile.of(two)), NetworkOptions.defaults().withThreads(1))) {
      assertThatThrownBy(
              () -> model.run(new ArcFace().translator(EmbedderModel.of(embedder)), crops))
          .isInstanceOf(ModelException.class)
          .hasMessageContainingAll("expected a row for each of 1 faces", "found outputs of the");
    }
  }

  private static FaceTranslator faces(DetectorNetwork network, int side) {
    return new FaceTranslator(network, InputSize.square(side), 0.5f, null);
  }

  /** The same network with a conversion before each output. */
  private Path casting(Path model, int type) throws IOException {
    ModelProto.Builder changed = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
    GraphProto.Builder graph = changed.getGraphBuilder();
    graph
        .getOutputBuilderList()
        .forEach(
            output -> {
              String name = output.getName();
              graph.addNode(
                  SyntheticModels.node("Cast", "cast_" + name, name).toBuilder()
                      .addAttribute(
                          AttributeProto.newBuilder()
                              .setName("to")
                              .setType(AttributeProto.AttributeType.INT)
                              .setI(type)));
              output
                  .setName("cast_" + name)
                  .getTypeBuilder()
                  .getTensorTypeBuilder()
                  .setElemType(type);
            });
    return Files.write(
        folder.resolve("cast_" + model.getFileName()), changed.build().toByteArray());
  }

  private static <I> void assertRunRefused(Path file, Translator<I, ?> translator, I input) {
    try (OnnxModel model =
        OnnxModel.open(
            OnnxFile.read(ModelFile.of(file)), NetworkOptions.defaults().withThreads(1))) {
      assertThatThrownBy(() -> model.run(translator, input))
          .isInstanceOf(ModelException.class)
          .hasMessageContainingAll("32-bit floats", "float16");
    }
  }
}
