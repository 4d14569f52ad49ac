// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A walk through the fields of a message in protobuf's wire format. It replaces the library,
 * because applications bring many versions of it, and an ONNX file needs only this much.
 *
 * <p>It copies only text, and reads nothing beyond the end of the message. For one use by one
 * thread.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the wire format</a>
 */
final class ProtobufReader {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int DELIMITED = 2;
  private static final int GROUP = 3;
  private static final int END_OF_GROUP = 4;
  private static final int FIXED_32 = 5;

  private static final int MAX_VARINT_BYTES = 10;
  private static final int MAX_GROUPS = 100;

  private final ByteBuffer bytes;
  private int tag;
  private int start;

  /** Creates a reader of a message from the position of a buffer to its limit. */
  ProtobufReader(ByteBuffer message) {
    bytes = message.duplicate();
  }

  /**
   * Moves to the next field, whose value must then be read or skipped.
   *
   * @return false at the end of the message
   */
  boolean next() throws IOException {
    if (!bytes.hasRemaining()) {
      return false;
    }
    start = bytes.position();
    tag = (int) varint();
    if (tag >>> 3 == 0) {
      throw new IOException("a field has the number 0");
    }
    return true;
  }

  /** Returns the place in the whole file where this field begins, with its number. */
  int start() {
    return start;
  }

  /** Returns whether this field has a number and holds a message, text or bytes. */
  boolean isDelimited(int field) {
    return tag == (field << 3 | DELIMITED);
  }

  /** Returns whether this field has a number and holds an integer. */
  boolean isVarint(int field) {
    return tag == (field << 3 | VARINT);
  }

  /** Returns the bytes of this field, with their place in the whole file. */
  ByteBuffer delimited() throws IOException {
    int length = (int) varint();
    if (length < 0 || length > bytes.remaining()) {
      throw new IOException("a field is longer than its message");
    }
    ByteBuffer value = bytes.duplicate();
    value.limit(bytes.position() + length);
    bytes.position(value.limit());
    return value;
  }

  ProtobufReader message() throws IOException {
    return new ProtobufReader(delimited());
  }

  String text() throws IOException {
    return StandardCharsets.UTF_8.decode(delimited()).toString();
  }

  long varint() throws IOException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      byte next = take();
      value |= (next & 0x7fL) << 7 * i;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("an integer has more than " + MAX_VARINT_BYTES + " bytes");
  }

  private byte take() throws IOException {
    advance(1);
    return bytes.get(bytes.position() - 1);
  }

  private void advance(int count) throws IOException {
    if (count > bytes.remaining()) {
      throw new IOException("it ends in the middle of a field");
    }
    bytes.position(bytes.position() + count);
  }

  /** Skips the value of this field. */
  void skip() throws IOException {
    skip(0);
  }

  private void skip(int groups) throws IOException {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED_64 -> advance(Long.BYTES);
      case DELIMITED -> delimited();
      case FIXED_32 -> advance(Integer.BYTES);
      case GROUP -> skipGroup(tag >>> 3, groups + 1);
      default -> throw new IOException("a field has an unknown type");
    }
  }

  private void skipGroup(int field, int groups) throws IOException {
    if (groups > MAX_GROUPS) {
      throw new IOException("groups are nested too deeply");
    }
    while (next()) {
      if ((tag & 7) == END_OF_GROUP) {
        if (tag >>> 3 != field) {
          throw new IOException("the end of a group belongs to another group");
        }
        return;
      }
      skip(groups);
    }
    throw new IOException("a group has no end");
  }
}
