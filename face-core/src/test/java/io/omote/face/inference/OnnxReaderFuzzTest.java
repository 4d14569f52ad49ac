// SPDX-License-Identifier: Apache-2.0
package io.omote.face.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.CodedOutputStream;
import io.omote.face.FaceException;
import io.omote.face.GeneratedModels;
import io.omote.face.ModelFile;
import io.omote.face.ModelLoadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes give a graph or an exception of this library, and never exhaust the heap. */
class OnnxReaderFuzzTest {
  @TempDir static Path folder;

  static Stream<Arguments> seeds() {
    return Stream.of(GeneratedModels.embedderBytes(), hostileNesting(), hostileLengths())
        .map(Arguments::of);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void model(byte[] content) {
    Path file = folder.resolve("fuzzed.onnx");
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      OnnxFile read = OnnxFile.read(ModelFile.of(file));
      assertThat(ModelKind.of(read.graph())).isNotNull();
      assertThat(read.graph().toString()).isNotNull();
    } catch (FaceException e) {
      assertThat(e).hasMessageContaining("fuzzed.onnx");
    }
  }

  @Test
  void model_anyPrefix() {
    byte[] whole = GeneratedModels.embedderBytes();
    for (int length = 0; length < whole.length; length += 1 + length / 50) {
      model(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void model_ofManyEmptyInputs_isAnErrorNotAnExhaustedHeap() throws IOException {
    // Two bytes an input: 20 MB would become a gigabyte of objects.
    ByteArrayOutputStream graph = new ByteArrayOutputStream();
    byte[] inputs = new byte[20_000_000];
    for (int i = 0; i < inputs.length; i += 2) {
      inputs[i] = 11 << 3 | 2;
    }
    CodedOutputStream out = CodedOutputStream.newInstance(graph);
    out.writeByteArray(7, inputs);
    out.flush();
    Path file = Files.write(folder.resolve("many.onnx"), graph.toByteArray());
    assertThatThrownBy(() -> OnnxFile.read(ModelFile.of(file)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("too many");
  }

  /** Groups within groups, which a careless reader follows until its stack ends. */
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
