// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.CodedOutputStream;
import io.omote.face.GeneratedModels;
import io.omote.face.ModelException;
import io.omote.face.SyntheticModels;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.network.Networks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes give a graph or an exception of this library, and never exhaust the heap. */
class OnnxReaderFuzzTest {
  @TempDir static Path folder;

  static Stream<Arguments> seeds() {
    return Stream.of(
            GeneratedModels.embedderBytes(),
            withExternalData(),
            hostileNesting(),
            hostileGraphs(1000),
            hostileLengths())
        .map(Arguments::of);
  }

  @BeforeAll
  static void dataFile() throws IOException {
    Files.write(folder.resolve("d"), new byte[100]);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void graph(byte[] content) {
    try {
      OnnxReader reader = OnnxReader.read(ByteBuffer.wrap(content));
      assertThat(Networks.of(reader.graph())).isNotNull();
      assertThat(reader.graph().toString()).isNotNull();
      byte[] repaired = reader.weights().withoutTiny(ByteBuffer.wrap(content));
      assertThat(repaired == null || repaired.length == content.length).isTrue();
      ExternalData external =
          ExternalData.open(folder.resolve("fuzzed.onnx"), reader.weights().external());
      OnnxReader whole =
          OnnxReader.read(ByteBuffer.wrap(external.inline(ByteBuffer.wrap(content))));
      assertThat(whole.weights().external()).isEmpty();
      assertThat(whole.graph().outputs()).isEqualTo(reader.graph().outputs());
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void model_anyPrefix(byte[] whole) throws IOException {
    for (int length = 0; length < whole.length; length += 1 + length / 50) {
      graph(Arrays.copyOf(whole, length));
    }
    Path file = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(file)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("cut.onnx");
  }

  @Test
  void model_ofManyEmptyInputs_isAnErrorNotAnExhaustedHeap() throws IOException {
    // Two bytes for each input: 20 MB would become a gigabyte of objects.
    assertTooMany(field(7, repeated(11, 20_000_000)));
  }

  @Test
  void model_ofManyEmptyWeights_isAnErrorNotAnExhaustedHeap() throws IOException {
    assertTooMany(field(7, field(5, repeated(9, 20_000_000))));
  }

  @Test
  void model_ofManyOperators_takesNoMemory() throws IOException {
    byte[] nodes = field(7, repeated(1, 20_000_000));
    assertThat(OnnxReader.read(ByteBuffer.wrap(nodes)).graph().firstOperators())
        .hasSize(OnnxGraph.FIRST_OPERATORS);
  }

  @Test
  void model_ofGraphsInGraphs_isAnErrorNotAnExhaustedStack() throws IOException {
    byte[] content = hostileGraphs(1000);
    assertThatThrownBy(() -> OnnxReader.read(ByteBuffer.wrap(content)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nested too deeply");
    assertThat(OnnxReader.read(ByteBuffer.wrap(hostileGraphs(31))).isExternalElsewhere()).isTrue();
  }

  @Test
  void model_withALongPlaceOfWeights_isAnError() throws IOException {
    byte[] entry = field(13, field(2, new byte[5000]));
    assertThatThrownBy(() -> OnnxReader.read(ByteBuffer.wrap(field(7, field(5, entry)))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void model_ofManyDimensions_isAnError() throws IOException {
    byte[] shape = field(2, repeated(1, 1000));
    assertTooMany(field(7, field(11, field(2, field(1, shape)))));
  }

  private static void assertTooMany(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("many.onnx"), content);
    assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(file)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("too many");
  }

  /** Returns an empty length-delimited protobuf field, repeated. */
  private static byte[] repeated(int number, int bytes) {
    byte[] fields = new byte[bytes];
    for (int i = 0; i < bytes; i += 2) {
      fields[i] = (byte) (number << 3 | 2);
    }
    return fields;
  }

  private static byte[] field(int number, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(number, content);
    out.flush();
    return bytes.toByteArray();
  }

  /** Returns weights, one of them in a file beside it, and some text. */
  private static byte[] withExternalData() {
    TensorProto.Builder external =
        SyntheticModels.tensor("first", new float[0], 8, 3, 1, 1).toBuilder()
            .clearRawData()
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue("d"))
            .addExternalData(StringStringEntryProto.newBuilder().setKey("offset").setValue("4"))
            .addExternalData(StringStringEntryProto.newBuilder().setKey("length").setValue("96"));
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInput(SyntheticModels.value("x", 1, 3, 112, 112))
            .addInitializer(external)
            .addOutput(SyntheticModels.value("y", 1, 512));
    return ModelProto.newBuilder().setGraph(graph).build().toByteArray();
  }

  /** Returns a weight in another file, in nested graphs. */
  private static byte[] hostileGraphs(int depth) {
    byte[] graph = {5 << 3 | 2, 2, 14 << 3, 1};
    try {
      for (int i = 0; i < depth; i++) {
        graph = field(1, field(5, field(6, graph)));
      }
      return field(7, graph);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns nested groups, which a careless reader follows until its stack overflows. */
  private static byte[] hostileNesting() {
    byte[] nested = new byte[100_000];
    Arrays.fill(nested, (byte) (1 << 3 | 3));
    return nested;
  }

  /** A graph that claims two gigabytes, and an input that claims as much. */
  private static byte[] hostileLengths() {
    return new byte[] {
      7 << 3 | 2, -1, -1, -1, -1, 7, 11 << 3 | 2, -1, -1, -1, -1, 7, 5 << 3 | 2, -1, -1, -1, -1, 7
    };
  }
}
