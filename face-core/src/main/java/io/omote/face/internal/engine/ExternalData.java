// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import io.omote.face.internal.engine.OnnxWeights.ExternalTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The external files that hold the weights of an ONNX file, in the same folder.
 *
 * <p>ONNX Runtime maps such a file for as long as a session lives: a write to the file then changes
 * the network, or crashes the process. So this class copies the weights into memory, and ONNX
 * Runtime never sees the other file. It does not follow a path out of the folder of the ONNX file.
 *
 * <p>For one use by one thread.
 */
final class ExternalData {
  /** The wire type of messages and bytes. A tag is one byte: the number of a field and its type. */
  private static final int DELIMITED = 2;

  private static final byte INITIALIZER_TAG =
      (byte) (OnnxFields.GRAPH_INITIALIZER << 3 | DELIMITED);
  private static final byte GRAPH_TAG = (byte) (OnnxFields.MODEL_GRAPH << 3 | DELIMITED);
  private static final byte RAW_DATA_TAG = (byte) (OnnxFields.TENSOR_RAW_DATA << 3 | DELIMITED);
  private static final byte LOCATION_TAG = (byte) (OnnxFields.TENSOR_DATA_LOCATION << 3);

  /** A field of a graph that ONNX reserves, so that every reader skips it. */
  private static final byte RESERVED_TAG = 3 << 3 | DELIMITED;

  /** The largest array of most JVMs, and about the largest message that protobuf reads. */
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private final SortedMap<String, ByteBuffer> files = new TreeMap<>();
  private final List<Weight> weights = new ArrayList<>();

  /** A weight, and its bytes in another file. */
  private record Weight(ExternalTensor tensor, ByteBuffer data) {
    /** Returns the number of bytes of the tensor once it holds its data. */
    long size() {
      return tensor.message().remaining() + 2L + sizeOfField(data.remaining());
    }
  }

  private ExternalData() {}

  /**
   * Opens the files that hold weights.
   *
   * @param onnx the ONNX file
   * @param tensors the weights
   * @return the files
   * @throws IOException if a file is missing, too short, or outside the folder of the ONNX file
   */
  static ExternalData open(Path onnx, List<ExternalTensor> tensors) throws IOException {
    Path folder = onnx.toAbsolutePath().getParent();
    ExternalData external = new ExternalData();
    long left = 0;
    for (ExternalTensor tensor : tensors) {
      Path relative = relative(folder, tensor.location());
      String name = relative.toString();
      ByteBuffer file = external.files.get(name);
      if (file == null) {
        file = map(folder, relative);
        external.files.put(name, file);
        left += file.remaining();
      }
      ByteBuffer data = slice(file, tensor, name);
      // Overlapping weights could use any amount of memory.
      left -= data.remaining();
      external.weights.add(new Weight(tensor, data));
    }
    if (left < 0) {
      throw new IOException("its weights are larger than the files that hold them");
    }
    return external;
  }

  private static Path relative(Path folder, String location) throws IOException {
    Path relative;
    try {
      relative = folder.getFileSystem().getPath(location);
    } catch (InvalidPathException e) {
      throw new IOException("its weights are in a file whose name is invalid on this system", e);
    }
    for (Path part : relative) {
      if (part.toString().equals("..")) {
        throw outside(location);
      }
    }
    Path normal = relative.normalize();
    if (normal.getRoot() != null || normal.toString().isEmpty()) {
      throw outside(location);
    }
    return normal;
  }

  private static IOException outside(String location) {
    return new IOException(
        String.format(
            Locale.ROOT, "its weights are in '%s', which is not a file in its folder", location));
  }

  private static ByteBuffer map(Path folder, Path relative) throws IOException {
    Path real;
    try {
      real = folder.resolve(relative).toRealPath();
    } catch (NoSuchFileException e) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "its weights are in the file %s, which is missing from its folder",
              relative),
          e);
    }
    if (!real.startsWith(folder.toRealPath()) || !Files.isRegularFile(real)) {
      throw outside(relative.toString());
    }
    try (FileChannel channel = FileChannel.open(real, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw tooLarge();
      }
      return channel.map(MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private static IOException tooLarge() {
    return new IOException("it is larger than 2 GB with its weights");
  }

  private static ByteBuffer slice(ByteBuffer file, ExternalTensor tensor, String name)
      throws IOException {
    long length = tensor.length().orElse(file.limit() - tensor.offset());
    if (tensor.offset() > file.limit() || length > file.limit() - tensor.offset()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "its weights are beyond the end of the file %s in its folder%s",
              name,
              FileGuess.nameOf(file).map(found -> ", which is " + found).orElse("")));
    }
    return file.slice((int) tensor.offset(), (int) length);
  }

  /**
   * Returns the files, in the order of their names.
   *
   * @return the bytes of the files
   */
  Collection<ByteBuffer> files() {
    return files.values();
  }

  /**
   * Returns a single ONNX file: the references to other files are hidden, and the same weights are
   * added as a second part of the graph.
   *
   * @param onnx the bytes of the ONNX file
   * @return the bytes of a file that needs no other file
   * @throws IOException if it would be too large for ONNX Runtime
   */
  byte[] inline(ByteBuffer onnx) throws IOException {
    long graph = 0;
    for (Weight weight : weights) {
      graph += sizeOfField(weight.size());
    }
    long size = onnx.limit() + sizeOfField(graph);
    if (size > MAX_BYTES) {
      throw tooLarge();
    }
    byte[] content = new byte[(int) size];
    onnx.get(0, content, 0, onnx.limit());
    for (Weight weight : weights) {
      int start = weight.tensor().start();
      if (content[start] != INITIALIZER_TAG) {
        throw new IOException("a field of it takes more bytes than necessary");
      }
      content[start] = RESERVED_TAG;
    }
    ByteBuffer out = ByteBuffer.wrap(content).position(onnx.limit());
    putField(out, GRAPH_TAG, graph);
    for (Weight weight : weights) {
      putField(out, INITIALIZER_TAG, weight.size());
      out.put(weight.tensor().message().duplicate());
      // If a field occurs twice, the last value counts.
      out.put(LOCATION_TAG).put((byte) 0);
      putField(out, RAW_DATA_TAG, weight.data().remaining());
      out.put(weight.data().duplicate());
    }
    return content;
  }

  /** Returns the number of bytes of a field with its tag and its length. */
  private static long sizeOfField(long length) {
    int varint = 1;
    for (long rest = length >>> 7; rest != 0; rest >>>= 7) {
      varint++;
    }
    return 1 + varint + length;
  }

  /** Writes the tag and the length of a field. */
  private static void putField(ByteBuffer out, byte tag, long length) {
    out.put(tag);
    long rest = length;
    for (; rest > 0x7f; rest >>>= 7) {
      out.put((byte) (rest | 0x80));
    }
    out.put((byte) rest);
  }
}
