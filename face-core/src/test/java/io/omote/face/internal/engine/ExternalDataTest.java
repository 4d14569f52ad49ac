// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TrainingInfoProto;
import com.google.protobuf.ByteString;
import io.omote.face.EmbeddingException;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.GeneratedModels;
import io.omote.face.ModelException;
import io.omote.face.SyntheticModels;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.Normalization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights in external files: reading, identity, and files that are rejected. */
class ExternalDataTest {
  private static final String ADVICE = "save_as_external_data=False";

  @TempDir Path temp;
  private Path folder;
  private Path net;
  private ModelProto whole;

  @BeforeEach
  void model() throws IOException {
    folder = Files.createDirectory(temp.resolve("model"));
    net = folder.resolve("net.onnx");
    whole = ModelProto.parseFrom(GeneratedModels.embedderBytes());
  }

  private static StringStringEntryProto entry(String key, Object value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value.toString()).build();
  }

  private static TensorProto.Builder inFile(TensorProto tensor, String location) {
    return tensor.toBuilder()
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", location));
  }

  /** Returns the model with some of its weights in one file, as ONNX's own library writes it. */
  private ModelProto split(ModelProto model, String location, int... indices) throws IOException {
    ModelProto.Builder changed = model.toBuilder();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (int index : indices) {
      TensorProto tensor = changed.getGraph().getInitializer(index);
      int length = tensor.getRawData().size();
      changed
          .getGraphBuilder()
          .setInitializer(
              index,
              inFile(tensor, location)
                  .addExternalData(entry("offset", data.size()))
                  .addExternalData(entry("length", length)));
      tensor.getRawData().writeTo(data);
      data.write(new byte[4096 - length % 4096]);
    }
    Files.write(folder.resolve(location), data.toByteArray());
    return changed.build();
  }

  private void write(ModelProto model) throws IOException {
    Files.write(net, model.toByteArray());
  }

  private static FaceImage noise() {
    byte[] pixels = new byte[3 * 112 * 112];
    new Random(1).nextBytes(pixels);
    return FaceImage.ofBgr(pixels, 112, 112);
  }

  private static FaceEmbedder open(ModelFile file) {
    return FaceEmbedder.builder(
            EmbedderModel.of(file).withNormalization(Normalization.ARCFACE).withModelId("same"))
        .build();
  }

  private static float[] embed(ModelFile file) {
    try (FaceEmbedder embedder = open(file)) {
      return embedder.embedAligned(noise()).toArray();
    }
  }

  private float[] expected() throws IOException {
    Path one = Files.write(temp.resolve("whole.onnx"), whole.toByteArray());
    return embed(ModelFile.of(one).withTinyWeightsKept());
  }

  private static TensorProto scaled(TensorProto tensor, float factor) {
    ByteBuffer from = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer to = ByteBuffer.allocate(from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      to.putFloat(from.getFloat() * factor);
    }
    return tensor.toBuilder().setRawData(ByteString.copyFrom(to.flip())).build();
  }

  @Test
  void open_weightsInAFileBesideIt_isTheSameNetwork() throws IOException {
    write(split(whole, "net.onnx.data", 0, 1));
    assertThat(embed(ModelFile.of(net))).isEqualTo(expected());
    assertThat(embed(ModelFile.of(net).withTinyWeightsKept())).isEqualTo(expected());
  }

  @Test
  void open_someWeightsInAFileInAFolderBesideIt_isTheSameNetwork() throws IOException {
    Files.createDirectory(folder.resolve("weights"));
    write(split(whole, "weights/second.data", 1));
    assertThat(embed(ModelFile.of(net))).isEqualTo(expected());
  }

  /** Weights without a length reach to the end of the file. */
  @Test
  void open_weightsWithoutOffsetAndLength_isTheSameNetwork() throws IOException {
    TensorProto second = whole.getGraph().getInitializer(1);
    Files.write(folder.resolve("second"), second.getRawData().toByteArray());
    ModelProto.Builder model = whole.toBuilder();
    model.getGraphBuilder().setInitializer(1, inFile(second, "second"));
    write(model.build());
    assertThat(embed(ModelFile.of(net))).isEqualTo(expected());
  }

  @Test
  void open_tinyWeightsBesideExternalOnes_areZero() throws IOException {
    ModelProto.Builder tiny = whole.toBuilder();
    tiny.getGraphBuilder()
        .setInitializer(0, scaled(whole.getGraph().getInitializer(0), 1e-30f))
        .addInitializer(
            scaled(whole.getGraph().getInitializer(1), 1e-30f).toBuilder().setName("unused"));
    ModelProto model = split(tiny.build(), "net.onnx.data", 0);
    write(model);
    OnnxFile file = OnnxFile.read(ModelFile.of(net));
    for (TensorProto tensor :
        ModelProto.parseFrom(file.content()).getGraph().getInitializerList()) {
      boolean isZero = !tensor.getName().equals("second");
      assertThat(tensor.getRawData().toByteArray())
          .as(tensor.getName())
          .matches(
              raw ->
                  new String(raw, StandardCharsets.ISO_8859_1).chars().allMatch(c -> c == 0)
                      == isZero);
    }
    assertThat(
            ModelProto.parseFrom(OnnxFile.read(ModelFile.of(net).withTinyWeightsKept()).content())
                .getGraph()
                .getInitializerList())
        .contains(tiny.getGraph().getInitializer(2));
  }

  /** For ONNX Runtime, a file that is changed in memory has no folder. */
  @Test
  void open_fileOfTheSameNameInTheWorkingFolder_isNotTaken() throws IOException {
    String name = "decoy" + System.nanoTime() + ".data";
    Files.createDirectory(folder.resolve("target"));
    ModelProto.Builder model = split(whole, "target/" + name, 0).toBuilder();
    model.getGraphBuilder().addInitializer(SyntheticModels.tensor("tiny", new float[] {1e-30f}, 1));
    write(model.build());
    Path target = Files.createDirectories(Path.of("target"));
    Path decoy =
        Files.write(
            target.resolve(name),
            scaled(whole.getGraph().getInitializer(0), -2).getRawData().toByteArray());
    try {
      assertThat(embed(ModelFile.of(net))).isEqualTo(expected());
      Files.delete(folder.resolve("target").resolve(name));
      assertRefused(name, "which is missing");
    } finally {
      Files.delete(decoy);
    }
  }

  /** ONNX Runtime uses the weights of a sum in place, and copies those of a convolution. */
  @Test
  void embed_afterTheFileBesideItWasOverwritten_isAsBefore() throws IOException {
    byte[] means = Files.readAllBytes(SyntheticModels.meanOfPlanes(temp, 1, false));
    ModelProto.Builder sums = ModelProto.parseFrom(means).toBuilder();
    GraphProto.Builder graph = sums.getGraphBuilder();
    graph.getNodeBuilder(0).setOutput(0, "mean");
    graph
        .addInitializer(SyntheticModels.tensor("added", new float[] {1, 2, 3}, 3))
        .addNode(
            NodeProto.newBuilder()
                .setOpType("Add")
                .addInput("mean")
                .addInput("added")
                .addOutput("output"));
    write(split(sums.build(), "net.onnx.data", 0));
    try (FaceEmbedder embedder = open(ModelFile.of(net))) {
      float[] before = embedder.embedAligned(noise()).toArray();
      Path data = folder.resolve("net.onnx.data");
      Files.write(data, new byte[(int) Files.size(data)], StandardOpenOption.WRITE);
      assertThat(embedder.embedAligned(noise()).toArray()).isEqualTo(before);
    }
  }

  @Test
  void modelId_ofEqualOnnxFiles_differsWithTheWeights() throws IOException {
    write(split(whole, "net.onnx.data", 0));
    byte[] onnx = Files.readAllBytes(net);
    FaceEmbedding first;
    FaceEmbedding second;
    EmbedderModel model = EmbedderModel.of(net).withNormalization(Normalization.ARCFACE);
    try (FaceEmbedder embedder = FaceEmbedder.builder(model).build()) {
      first = embedder.embedAligned(noise());
    }
    ModelProto.Builder other = whole.toBuilder();
    other.getGraphBuilder().setInitializer(0, scaled(whole.getGraph().getInitializer(0), -2));
    write(split(other.build(), "net.onnx.data", 0));
    assertThat(net).hasBinaryContent(onnx);
    try (FaceEmbedder embedder = FaceEmbedder.builder(model).build()) {
      second = embedder.embedAligned(noise());
    }
    assertThatThrownBy(() -> first.similarity(second)).isInstanceOf(EmbeddingException.class);
  }

  private static String sha256(Path... files) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Path file : files) {
      digest.update(Files.readAllBytes(file));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Test
  void read_declaredHash_isThatOfAllFilesInTheOrderOfTheirNames() throws Exception {
    write(split(split(whole, "b.data", 0), "a.data", 1));
    String all = sha256(net, folder.resolve("a.data"), folder.resolve("b.data"));
    OnnxFile file = OnnxFile.read(ModelFile.of(net, all));
    assertThat(file.sha256()).isEqualTo(all);
    assertThat(file.modelId()).isEqualTo("net:" + all.substring(0, 12));
    String onnxAlone = sha256(net);
    assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(net, onnxAlone)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(onnxAlone, all, "the external files");
    Files.write(folder.resolve("a.data"), new byte[] {1}, StandardOpenOption.APPEND);
    assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(net, all)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(all);
  }

  private void assertRefused(String... reasons) {
    assertThatThrownBy(() -> open(ModelFile.of(net)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(net.toString(), ADVICE)
        .hasMessageContainingAll(reasons);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../outside.data", "weights/../../outside.data", "weights/../in.data", ".", ""})
  void open_weightsAtAPlaceThatIsNoFileInItsFolder_isRefused(String location) throws IOException {
    split(whole, "in.data", 0);
    Files.createDirectory(folder.resolve("weights"));
    Files.copy(folder.resolve("in.data"), temp.resolve("outside.data"));
    ModelProto.Builder model = whole.toBuilder();
    model.getGraphBuilder().setInitializer(0, inFile(whole.getGraph().getInitializer(0), location));
    write(model.build());
    assertRefused("'" + location + "'", "not a file in its folder");
  }

  @Test
  void open_weightsAtAnAbsolutePath_isRefused() throws IOException {
    ModelProto model = split(whole, "in.data", 0);
    TensorProto.Builder tensor = model.getGraph().getInitializer(0).toBuilder();
    // The last of equal keys counts.
    tensor.addExternalData(entry("location", folder.resolve("in.data")));
    ModelProto.Builder changed = model.toBuilder();
    changed.getGraphBuilder().setInitializer(0, tensor);
    write(changed.build());
    assertRefused(folder.resolve("in.data").toString(), "not a file in its folder");
  }

  @Test
  void open_weightsBehindALinkOutOfTheFolder_isRefused() throws IOException {
    write(split(whole, "net.onnx.data", 0));
    Path data = folder.resolve("net.onnx.data");
    Path outside = Files.move(data, temp.resolve("outside.data"));
    Files.createSymbolicLink(data, outside);
    assertRefused("net.onnx.data", "not a file in its folder");
  }

  /** As in a mounted volume of Kubernetes. */
  @Test
  void open_filesBehindLinksWithinTheFolder_isTheSameNetwork() throws IOException {
    write(split(whole, "net.onnx.data", 0));
    Path version = Files.createDirectory(folder.resolve("..version"));
    for (String name : new String[] {"net.onnx", "net.onnx.data"}) {
      Files.move(folder.resolve(name), version.resolve(name));
      Files.createSymbolicLink(folder.resolve(name), Path.of("..version", name));
    }
    assertThat(embed(ModelFile.of(net))).isEqualTo(expected());
  }

  @Test
  void open_weightsInAFileThatIsMissing_isRefused() throws IOException {
    write(split(whole, "net.onnx.data", 0));
    Files.delete(folder.resolve("net.onnx.data"));
    assertRefused("net.onnx.data", "which is missing");
  }

  @Test
  void open_weightsBeyondTheEnd_isRefusedAndAPointerNamed() throws IOException {
    write(split(whole, "net.onnx.data", 0));
    Path data = folder.resolve("net.onnx.data");
    Files.write(data, new byte[8]);
    assertRefused("beyond the end of the file net.onnx.data");
    Files.writeString(data, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n");
    assertRefused("beyond the end of the file net.onnx.data", "git lfs pull");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-4", "4x", "", "99999999999999999999"})
  void open_weightsAtAnOffsetThatIsNone_isRefused(String offset) throws IOException {
    ModelProto.Builder model = split(whole, "net.onnx.data", 0).toBuilder();
    model.getGraphBuilder().getInitializerBuilder(0).addExternalData(entry("offset", offset));
    write(model.build());
    assertThatThrownBy(() -> open(ModelFile.of(net)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("not a number");
  }

  /** A small file must not use unlimited memory. */
  @Test
  void open_weightsThatLieOverEachOther_isRefused() throws IOException {
    ModelProto.Builder model = split(whole, "net.onnx.data", 0).toBuilder();
    TensorProto.Builder tensor = model.getGraph().getInitializer(0).toBuilder();
    for (int i = 0; i < 1000; i++) {
      model.getGraphBuilder().addInitializer(tensor.setName("copy" + i));
    }
    write(model.build());
    assertRefused("larger than the files that hold them");
  }

  static Stream<Arguments> elsewhere() {
    TensorProto external =
        TensorProto.newBuilder()
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", "net.onnx.data"))
            .build();
    SparseTensorProto sparse = SparseTensorProto.newBuilder().setValues(external).build();
    GraphProto inner = GraphProto.newBuilder().addInitializer(external).build();
    NodeProto constant = node(attribute().setT(external));
    return Stream.of(
        changed("sparse weight", m -> m.getGraphBuilder().addSparseInitializer(sparse)),
        changed(
            "sparse weight, its indices",
            m ->
                m.getGraphBuilder()
                    .addSparseInitializer(SparseTensorProto.newBuilder().setIndices(external))),
        changed("attribute", m -> m.getGraphBuilder().addNode(constant)),
        changed(
            "tensors of an attribute",
            m -> m.getGraphBuilder().addNode(node(attribute().addTensors(external)))),
        changed(
            "sparse attribute",
            m -> m.getGraphBuilder().addNode(node(attribute().setSparseTensor(sparse)))),
        changed(
            "sparse tensors of an attribute",
            m -> m.getGraphBuilder().addNode(node(attribute().addSparseTensors(sparse)))),
        changed("inner graph", m -> m.getGraphBuilder().addNode(node(attribute().setG(inner)))),
        changed(
            "inner graphs", m -> m.getGraphBuilder().addNode(node(attribute().addGraphs(inner)))),
        changed(
            "operator of an inner graph",
            m ->
                m.getGraphBuilder()
                    .addNode(node(attribute().setG(GraphProto.newBuilder().addNode(constant))))),
        changed("function", m -> m.addFunctions(FunctionProto.newBuilder().addNode(constant))),
        changed(
            "default of a function",
            m ->
                m.addFunctions(
                    FunctionProto.newBuilder().addAttributeProto(attribute().setT(external)))),
        changed(
            "training",
            m -> m.addTrainingInfo(TrainingInfoProto.newBuilder().setInitialization(inner))),
        changed(
            "training, its algorithm",
            m -> m.addTrainingInfo(TrainingInfoProto.newBuilder().setAlgorithm(inner))));
  }

  private static AttributeProto.Builder attribute() {
    return AttributeProto.newBuilder().setName("value");
  }

  private static NodeProto node(AttributeProto.Builder attribute) {
    return NodeProto.newBuilder().setOpType("Constant").addAttribute(attribute).build();
  }

  private static Arguments changed(String where, Consumer<ModelProto.Builder> change) {
    return Arguments.of(where, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("elsewhere")
  void open_otherTensorsInAFile_isRefused(String where, Consumer<ModelProto.Builder> change)
      throws IOException {
    Files.write(folder.resolve("net.onnx.data"), new byte[64]);
    ModelProto.Builder model = whole.toBuilder();
    change.accept(model);
    write(model.build());
    assertRefused("tensors other than the weights of its graph are in other files");
  }

  @Test
  void open_ofAnArchive_isRefused() throws IOException {
    write(split(whole, "net.onnx.data", 0));
    URI zip = URI.create("jar:" + temp.resolve("models.zip").toUri());
    try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      Path inside = Files.copy(net, archive.getPath("net.onnx"));
      Files.copy(folder.resolve("net.onnx.data"), archive.getPath("net.onnx.data"));
      assertThatThrownBy(() -> open(ModelFile.of(inside)))
          .isInstanceOf(ModelException.class)
          .hasMessageContainingAll("net.onnx", "in an archive", ADVICE);
    }
  }

  @Test
  void graph_ofAFileWithoutItsWeights_isKnown() throws IOException {
    write(split(whole, "net.onnx.data", 0, 1));
    Files.delete(folder.resolve("net.onnx.data"));
    assertThat(OnnxFile.graph(ModelFile.of(net)).outputs()).hasSize(1);
  }
}
