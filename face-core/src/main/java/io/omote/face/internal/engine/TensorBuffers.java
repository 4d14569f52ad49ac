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
 * A pool of direct buffers for the inputs of a network. ONNX Runtime reads a direct buffer in
 * native order in place, and copies anything else. A buffer belongs to one call from {@link #take}
 * to {@link #giveBack}, so that the pool has as many as there were ever calls in flight.
 *
 * <p>Thread-safe.
 */
public final class TensorBuffers {
  private final Queue<FloatBuffer> free = new ConcurrentLinkedQueue<>();

  /** Creates an empty pool. */
  public TensorBuffers() {}

  /**
   * Takes a buffer, which may hold the floats of an earlier call.
   *
   * @param floats the number of floats
   * @return a buffer of exactly that size
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
   * Returns a copy of an output.
   *
   * @param output the output
   * @return its elements
   * @throws ModelException if they are not 32-bit floats, because other bytes have no meaning here
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
   * Returns a buffer to the pool.
   *
   * @param buffer a buffer from {@link #take}
   */
  public void giveBack(FloatBuffer buffer) {
    free.add(buffer);
  }
}
