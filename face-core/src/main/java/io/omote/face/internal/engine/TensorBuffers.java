// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.omote.face.ModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Direct buffers for the inputs of a network, used again by later calls, and the floats of its
 * outputs. ONNX Runtime reads a direct buffer in native order in place; anything else it copies. A
 * buffer belongs to one call from {@link #take} to {@link #giveBack}, so there are as many as calls
 * were ever in flight at once.
 *
 * <p>Thread-safe.
 *
 * @hidden
 */
public final class TensorBuffers {
  private final Queue<FloatBuffer> free = new ConcurrentLinkedQueue<>();

  /** Makes an empty pool. */
  public TensorBuffers() {}

  /**
   * Takes a buffer, with what a former call left in it.
   *
   * @param floats how many floats it must hold
   * @return a buffer of exactly that many
   */
  public FloatBuffer take(int floats) {
    FloatBuffer buffer = free.poll();
    if (buffer == null || buffer.capacity() < floats) {
      int bytes = Math.multiplyExact(Float.BYTES, floats);
      buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
    return buffer.clear().limit(floats);
  }

  /**
   * Copies an output.
   *
   * @param output the output
   * @return its elements
   * @throws ModelException if they are no 32-bit floats, whose bytes would mean nothing here
   */
  public static FloatBuffer floats(NDArray output) {
    if (output.getDataType() != DataType.FLOAT32) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected an output of 32-bit floats, found %s: export the network with such outputs",
              output.getDataType()));
    }
    return output.toByteBuffer().asFloatBuffer();
  }

  /**
   * Lets another call use a buffer.
   *
   * @param buffer what {@link #take} gave
   */
  public void giveBack(FloatBuffer buffer) {
    free.add(buffer);
  }
}
