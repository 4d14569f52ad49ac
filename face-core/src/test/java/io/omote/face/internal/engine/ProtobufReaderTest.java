// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufReaderTest {
  private interface Writer {
    void write(CodedOutputStream out) throws IOException;
  }

  private static ProtobufReader reader(Writer writer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    writer.write(out);
    out.flush();
    return new ProtobufReader(ByteBuffer.wrap(bytes.toByteArray()));
  }

  private static ProtobufReader reader(String hex) {
    return new ProtobufReader(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }

  private static void skipAll(ProtobufReader reader) throws IOException {
    while (reader.next()) {
      reader.skip();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 300, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void varint_ofAnySize(long value) throws IOException {
    ProtobufReader reader = reader(out -> out.writeInt64(536_870_911, value));
    assertThat(reader.next()).isTrue();
    assertThat(reader.isVarint(536_870_911)).isTrue();
    assertThat(reader.isDelimited(536_870_911)).isFalse();
    assertThat(reader.varint()).isEqualTo(value);
    assertThat(reader.next()).isFalse();
  }

  @Test
  void text_andBytes_areThoseOfTheField() throws IOException {
    ProtobufReader reader =
        reader(
            out -> {
              out.writeString(1, "größe");
              out.writeByteArray(2, new byte[] {1, 2, 3});
              out.writeByteArray(3, new byte[] {(byte) 0xff});
            });
    reader.next();
    assertThat(reader.text()).isEqualTo("größe");
    reader.next();
    ByteBuffer bytes = reader.delimited();
    // Tag and length, the seven bytes of the text, tag and length.
    assertThat(bytes.position()).isEqualTo(2 + "größe".getBytes(StandardCharsets.UTF_8).length + 2);
    assertThat(bytes.remaining()).isEqualTo(3);
    reader.next();
    assertThat(reader.text()).as("what is no text").isEqualTo("\ufffd");
    assertThat(reader.next()).isFalse();
  }

  @Test
  void skip_leavesOutEachKindOfField() throws IOException {
    ProtobufReader reader =
        reader(
            out -> {
              out.writeInt64(1, -1);
              out.writeFixed64(2, 1);
              out.writeString(3, "text");
              out.writeFixed32(4, 1);
              out.writeTag(5, 3);
              out.writeTag(6, 3);
              out.writeInt32(7, 7);
              out.writeTag(6, 4);
              out.writeTag(5, 4);
              out.writeInt32(8, 8);
            });
    for (int i = 0; i < 5; i++) {
      assertThat(reader.next()).isTrue();
      reader.skip();
    }
    assertThat(reader.next()).isTrue();
    assertThat(reader.isVarint(8)).isTrue();
    assertThat(reader.varint()).isEqualTo(8);
  }

  @Test
  void message_endsWhereItsLengthSays() throws IOException {
    ProtobufReader reader =
        reader(
            out -> {
              out.writeByteArray(1, new byte[] {0x08, 0x01});
              out.writeInt32(2, 2);
            });
    reader.next();
    ProtobufReader inner = reader.message();
    assertThat(inner.next()).isTrue();
    assertThat(inner.varint()).isEqualTo(1);
    assertThat(inner.next()).isFalse();
    assertThat(reader.next()).isTrue();
    assertThat(reader.varint()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "08, ends in the middle",
    "0880, ends in the middle",
    "80, ends in the middle",
    "0880808080808080808080 01, more than 10 bytes",
    "00, number 0",
    "0a05 01, longer than its message",
    "0affffffff0f, longer than its message",
    "0affffffff07, longer than its message",
    "0901020304050607, ends in the middle",
    "0d010203, ends in the middle",
    "0e, an unknown type",
    "0f, an unknown type",
    "0c, an unknown type",
    "0b, no end",
    "0b14, belongs to another group",
  })
  void hostileBytes_areAnError(String hex, String text) {
    assertThatThrownBy(() -> skipAll(reader(hex.replace(" ", ""))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(text);
  }

  @Test
  void groups_nestedDeeply_areAnErrorNotAFullStack() {
    byte[] groups = new byte[1_000_000];
    Arrays.fill(groups, (byte) 0x0b);
    assertThatThrownBy(() -> skipAll(new ProtobufReader(ByteBuffer.wrap(groups))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nested too deeply");
  }
}
