// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a graph: their names, the places of their floats in the file, and the places in
 * other files. None of their values is held.
 *
 * <p>For one use by one thread.
 */
final class OnnxWeights {
  /** The magnitude below which weights change nothing but the speed of a CPU. */
  static final float TINY = 1e-15f;

  private static final int TINY_BITS = Float.floatToIntBits(TINY);
  private static final int MAX_WEIGHTS = 1 << 16;
  private static final int MAX_ENTRY_BYTES = 1 << 12;

  private static final Set<String> EXTERNAL_KEYS = Set.of("location", "offset", "length");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private final Set<String> names = new HashSet<>();
  private final List<Span> floats = new ArrayList<>();
  private final List<ExternalTensor> external = new ArrayList<>();

  /** A run of little-endian floats in the file. */
  private record Span(int offset, int count) {}

  /**
   * A weight whose bytes are in another file.
   *
   * @param start the place of the field that holds it
   * @param message the field's bytes
   * @param location the name of the other file, empty if none is given
   * @param offset the place in the other file where the weight begins
   * @param length the number of its bytes, empty if it reaches to the end of the other file
   */
  record ExternalTensor(
      int start, ByteBuffer message, String location, long offset, OptionalLong length) {}

  /**
   * Reads a weight.
   *
   * @param start the place of the field that holds it
   * @param message the field's bytes, of type {@code TensorProto}
   * @throws IOException if it is damaged or there are too many
   */
  void read(int start, ByteBuffer message) throws IOException {
    if (names.size() >= MAX_WEIGHTS || external.size() >= MAX_WEIGHTS) {
      throw new IOException("too many weights");
    }
    String name = "";
    boolean isFloat = false;
    boolean isExternal = false;
    Map<String, String> entries = new HashMap<>();
    List<Span> spans = new ArrayList<>(1);
    ProtobufReader tensor = new ProtobufReader(message);
    while (tensor.next()) {
      if (tensor.isVarint(OnnxFields.TENSOR_DATA_TYPE)) {
        isFloat = (int) tensor.varint() == OnnxFields.FLOAT;
      } else if (tensor.isVarint(OnnxFields.TENSOR_DATA_LOCATION)) {
        isExternal = (int) tensor.varint() == OnnxFields.EXTERNAL;
      } else if (tensor.isDelimited(OnnxFields.TENSOR_EXTERNAL_DATA)) {
        readEntry(tensor.delimited(), entries);
      } else if (tensor.isDelimited(OnnxFields.TENSOR_NAME)) {
        name = tensor.text();
      } else if (tensor.isDelimited(OnnxFields.TENSOR_RAW_DATA)
          || tensor.isDelimited(OnnxFields.TENSOR_FLOAT_DATA)) {
        if (floats.size() + spans.size() >= MAX_WEIGHTS) {
          throw new IOException("too many parts of weights");
        }
        ByteBuffer data = tensor.delimited();
        spans.add(new Span(data.position(), data.remaining() / Float.BYTES));
      } else {
        tensor.skip();
      }
    }
    names.add(name);
    if (isExternal) {
      external.add(
          new ExternalTensor(
              start,
              message,
              entries.getOrDefault("location", ""),
              number(entries, "offset").orElse(0),
              number(entries, "length")));
    } else if (isFloat) {
      floats.addAll(spans);
    }
  }

  private static void readEntry(ByteBuffer message, Map<String, String> entries)
      throws IOException {
    if (message.remaining() > MAX_ENTRY_BYTES) {
      throw new IOException("the place of weights in another file is too long");
    }
    ProtobufReader entry = new ProtobufReader(message);
    String key = "";
    String value = "";
    while (entry.next()) {
      if (entry.isDelimited(OnnxFields.ENTRY_KEY)) {
        key = entry.text();
      } else if (entry.isDelimited(OnnxFields.ENTRY_VALUE)) {
        value = entry.text();
      } else {
        entry.skip();
      }
    }
    if (EXTERNAL_KEYS.contains(key)) {
      // If a key occurs more than once, the last value counts, as in ONNX Runtime.
      entries.put(key, value);
    }
  }

  private static OptionalLong number(Map<String, String> entries, String key) throws IOException {
    String text = entries.get(key);
    if (text == null) {
      return OptionalLong.empty();
    }
    if (!DIGITS.matcher(text).matches()) {
      throw new IOException("the place of weights in another file is not a number");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  /** Returns whether a value of the graph is a weight, which no caller gives. */
  boolean contains(String name) {
    return names.contains(name);
  }

  /** Returns the weights whose bytes are in other files, in the order of the file. */
  List<ExternalTensor> external() {
    return external;
  }

  /**
   * Returns a copy of a file with the weights set to zero that are too small to matter. Networks
   * trained with weight decay have dead channels of such weights. Their products are denormal
   * floats, which a CPU computes at a tenth of its speed or less.
   *
   * @param file the file whose weights were read
   * @return the changed file, null if it has no such weights
   */
  byte @Nullable [] withoutTiny(ByteBuffer file) {
    if (!hasTiny(file.duplicate().order(ByteOrder.LITTLE_ENDIAN))) {
      return null;
    }
    byte[] copy = new byte[file.limit()];
    file.get(0, copy);
    zeroTiny(copy);
    return copy;
  }

  /**
   * Sets the weights to zero that are too small to matter, in place.
   *
   * @param content the bytes of the file whose weights were read
   */
  void zeroTiny(byte[] content) {
    ByteBuffer changed = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    for (Span span : floats) {
      for (int at = span.offset(), i = 0; i < span.count(); i++, at += Float.BYTES) {
        if (isTiny(changed.getInt(at))) {
          changed.putInt(at, 0);
        }
      }
    }
  }

  private boolean hasTiny(ByteBuffer file) {
    for (Span span : floats) {
      for (int at = span.offset(), i = 0; i < span.count(); i++, at += Float.BYTES) {
        if (isTiny(file.getInt(at))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isTiny(int bits) {
    int magnitude = bits & 0x7fffffff;
    return magnitude != 0 && magnitude < TINY_BITS;
  }
}
