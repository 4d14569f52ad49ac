// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceModels;
import io.omote.face.models.ModelZoo;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingStoreTest {
  private static final FaceModels MODELS = ModelZoo.lite();
  private static final String A = "a0".repeat(32);
  private static final String B = "b0".repeat(32);
  private static final String C = "c0".repeat(32);
  private static final Optional<FaceEmbedding> FACE =
      Optional.of(FaceEmbedding.ofRaw("m:1", new float[] {1, 2, 3}));

  @TempDir private Path folder;

  private EmbeddingStore open() throws IOException {
    return EmbeddingStore.open(folder.resolve("work"), MODELS);
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("work"))) {
      return files.findFirst().orElseThrow();
    }
  }

  private void fill() throws IOException {
    try (EmbeddingStore store = open()) {
      store.add(A, FACE);
      store.add(B, Optional.empty());
      store.add(C, FACE);
    }
  }

  @Test
  void open_again_knowsWhatWasAdded() throws IOException {
    fill();
    try (EmbeddingStore store = open()) {
      assertThat(store.find(A)).isEqualTo(FACE);
      assertThat(store.find(B)).isEmpty();
      assertThat(store.find(C)).isEqualTo(FACE);
      assertThat(store.find("d0".repeat(32))).isNull();
    }
  }

  @Test
  void open_afterACutAtAnyByteOfTheLastRecord_dropsOnlyThatOne() throws IOException {
    fill();
    byte[] whole = Files.readAllBytes(file());
    int last = 4 + 32 + FACE.orElseThrow().toBytes().length + 4;
    for (int length = whole.length - last; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      try (EmbeddingStore store = open()) {
        assertThat(store.find(B)).isEmpty();
        assertThat(store.find(C)).isNull();
        store.add(C, FACE);
      }
      assertThat(file()).hasBinaryContent(whole);
    }
  }

  @Test
  void open_ofADamagedRecord_dropsItAndWhatFollows() throws IOException {
    fill();
    byte[] bytes = Files.readAllBytes(file());
    int second = 4 + 32 + FACE.orElseThrow().toBytes().length + 4;
    bytes[second + 10] ^= 1;
    Files.write(file(), bytes);
    try (EmbeddingStore store = open()) {
      assertThat(store.find(A)).isEqualTo(FACE);
      assertThat(store.find(B)).isNull();
      assertThat(store.find(C)).isNull();
    }
  }

  @Test
  void open_twice_isRefused() throws IOException {
    try (EmbeddingStore first = open()) {
      first.add(A, FACE);
      assertThatThrownBy(this::open)
          .isInstanceOf(FaceException.class)
          .hasMessageContaining("in use by another evaluation");
    }
  }

  /** An ONNX file, in protobuf's wire format, with one weight in the file {@code w} beside it. */
  private static final byte[] ONNX = {
    7 << 3 | 2,
    21,
    5 << 3 | 2,
    19,
    14 << 3,
    1,
    13 << 3 | 2,
    15,
    1 << 3 | 2,
    8,
    'l',
    'o',
    'c',
    'a',
    't',
    'i',
    'o',
    'n',
    2 << 3 | 2,
    3,
    '.',
    '/',
    'w'
  };

  @Test
  void open_withOtherModels_usesAnotherFile() throws IOException {
    fill();
    Path onnx = Files.write(folder.resolve("other.onnx"), ONNX);
    Path weights = Files.write(folder.resolve("w"), new byte[] {1});
    try (EmbeddingStore other = open(onnx)) {
      assertThat(other.find(A)).isNull();
      other.add(A, FACE);
    }
    try (EmbeddingStore again = open(onnx)) {
      assertThat(again.find(A)).isEqualTo(FACE);
    }
    Files.write(weights, new byte[] {2});
    try (EmbeddingStore another = open(onnx)) {
      assertThat(another.find(A)).as("of the same file with other weights").isNull();
    }
  }

  private EmbeddingStore open(Path onnx) throws IOException {
    return EmbeddingStore.open(folder.resolve("work"), FaceModels.of(onnx, onnx));
  }

  @Test
  void open_onPosix_isPrivate() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    fill();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("work"))))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }
}
