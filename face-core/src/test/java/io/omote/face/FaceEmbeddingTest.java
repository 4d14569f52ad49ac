// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FaceEmbeddingTest {
  private static final FaceEmbedding EMBEDDING = FaceEmbedding.ofRaw("model:1", new float[] {3, 4});

  @Test
  void ofRaw_normalizes() {
    assertThat(EMBEDDING.norm()).isEqualTo(5);
    assertThat(EMBEDDING.toArray()).containsExactly(0.6f, 0.8f);
    assertThat(EMBEDDING.dimension()).isEqualTo(2);
    assertThat(EMBEDDING.modelId()).isEqualTo("model:1");
  }

  @Test
  void similarityAndDistance_handChecked() {
    FaceEmbedding right = FaceEmbedding.ofRaw("model:1", new float[] {2, 0});
    FaceEmbedding up = FaceEmbedding.ofRaw("model:1", new float[] {0, 7});
    FaceEmbedding left = FaceEmbedding.ofRaw("model:1", new float[] {-1, 0});
    assertThat(right.similarity(up)).isZero();
    assertThat(right.similarity(left)).isEqualTo(-1);
    assertThat(right.similarity(EMBEDDING)).isCloseTo(0.6, within(1e-7));
    assertThat(right.distance(up)).isCloseTo(Math.sqrt(2), within(1e-7));
    assertThat(right.distance(left)).isEqualTo(2);
    assertThat(right.distance(right)).isZero();
  }

  @Test
  void similarity_ofAnotherModel_isRefused() {
    FaceEmbedding other = FaceEmbedding.ofRaw("other:2", new float[] {3, 4});
    assertThatThrownBy(() -> EMBEDDING.similarity(other))
        .isInstanceOf(EmbeddingException.class)
        .hasMessageContainingAll("model:1", "other:2", "same model");
    assertThatThrownBy(() -> EMBEDDING.distance(other)).isInstanceOf(EmbeddingException.class);
  }

  @Test
  void ofRaw_meaningless_isRefused() {
    for (float[] raw :
        new float[][] {{}, {0, 0}, {Float.NaN, 1}, {Float.POSITIVE_INFINITY}, {1e-45f}}) {
      assertThatThrownBy(() -> FaceEmbedding.ofRaw("m", raw))
          .isInstanceOf(EmbeddingException.class);
    }
  }

  @Test
  void bytes_roundTrip() {
    FaceEmbedding read = FaceEmbedding.fromBytes(EMBEDDING.toBytes());
    assertThat(read).isEqualTo(EMBEDDING).hasSameHashCodeAs(EMBEDDING);
    assertThat(read.toArray()).isEqualTo(EMBEDDING.toArray());
  }

  /** Stored data depends on the layout: these bytes must stay readable. */
  @Test
  void bytes_ofVersion1_areFixed() {
    assertThat(EMBEDDING.toBytes())
        .startsWith('O', 'M', 'F', 'E', 1, 0, 7, 'm', 'o', 'd', 'e', 'l', ':', '1')
        .hasSize(14 + 4 + 4 + 8 + 4);
  }

  @Test
  void fromBytes_anyChangedByte_isRefused() {
    byte[] bytes = EMBEDDING.toBytes();
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 0x10;
      assertThatThrownBy(() -> FaceEmbedding.fromBytes(changed))
          .as("byte " + i)
          .isInstanceOf(EmbeddingException.class);
    }
  }

  @Test
  void fromBytes_cutOff_isRefused() {
    byte[] bytes = EMBEDDING.toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> FaceEmbedding.fromBytes(cut)).isInstanceOf(EmbeddingException.class);
    }
  }

  @Test
  void fromBytes_laterVersion_saysSo() {
    byte[] bytes = EMBEDDING.toBytes();
    bytes[4] = 2;
    assertThatThrownBy(() -> FaceEmbedding.fromBytes(bytes))
        .hasMessageContaining("expected version 1")
        .hasMessageContaining("found 2");
  }

  @Test
  void equals_distinguishesModelAndNumbers() {
    assertThat(EMBEDDING)
        .isNotEqualTo(FaceEmbedding.ofRaw("model:2", new float[] {3, 4}))
        .isNotEqualTo(FaceEmbedding.ofRaw("model:1", new float[] {4, 3}))
        .isNotEqualTo(FaceEmbedding.ofRaw("model:1", new float[] {6, 8}));
  }

  @Test
  void toArray_isACopy() {
    EMBEDDING.toArray()[0] = 9;
    assertThat(EMBEDDING.toArray()[0]).isEqualTo(0.6f);
  }

  @Test
  void toString_showsNoNumbers() {
    assertThat(EMBEDDING.toString()).isEqualTo("FaceEmbedding[model=model:1, dimension=2]");
  }
}
