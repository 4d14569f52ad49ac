// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The binary form of embeddings: any vector survives it, any other bytes are an error. */
class FaceEmbeddingFuzzTest {
  static Stream<Arguments> seeds() {
    byte[] whole = FaceEmbedding.ofRaw("m:1", new float[] {3, 4}).toBytes();
    return Stream.of(whole, Arrays.copyOf(whole, 9)).map(Arguments::of);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void fromBytes(byte[] bytes) {
    read(bytes);
    // The checksum catches nearly everything, so this fixes it to test the checks behind it.
    if (bytes.length >= Integer.BYTES) {
      CRC32C checksum = new CRC32C();
      checksum.update(bytes, 0, bytes.length - Integer.BYTES);
      byte[] valid = bytes.clone();
      ByteBuffer.wrap(valid).putInt(bytes.length - Integer.BYTES, (int) checksum.getValue());
      read(valid);
    }
  }

  private static void read(byte[] bytes) {
    try {
      FaceEmbedding embedding = FaceEmbedding.fromBytes(bytes);
      assertThat(embedding.similarity(embedding)).isBetween(0.999, 1.0);
      assertThat(FaceEmbedding.fromBytes(embedding.toBytes())).isEqualTo(embedding);
    } catch (EmbeddingException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  @Property
  void toBytes_andBack(
      @ForAll @StringLength(max = 40) String id, @ForAll @Size(min = 1, max = 64) float[] raw) {
    FaceEmbedding embedding;
    try {
      embedding = FaceEmbedding.ofRaw(id, raw);
    } catch (EmbeddingException e) {
      return;
    }
    assertThat(embedding.similarity(embedding)).isBetween(0.999, 1.0);
    FaceEmbedding read = FaceEmbedding.fromBytes(embedding.toBytes());
    assertThat(read.toArray()).isEqualTo(embedding.toArray());
    assertThat(read.norm()).isEqualTo(embedding.norm());
  }

  @Property
  void fromBytes_oneBitChanged_isAnError(
      @ForAll @IntRange(max = 31) int at,
      @ForAll @IntRange(max = 7) int bit,
      @ForAll @FloatRange(min = 1, max = 2) float x) {
    byte[] bytes = FaceEmbedding.ofRaw("model:1", new float[] {x, 1}).toBytes();
    bytes[at % bytes.length] ^= (byte) (1 << bit);
    assertThatThrownBy(() -> FaceEmbedding.fromBytes(bytes)).isInstanceOf(EmbeddingException.class);
  }
}
