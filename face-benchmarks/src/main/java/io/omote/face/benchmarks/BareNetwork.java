// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.options.NetworkOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** A session alone, with one thread, as the baseline of everything built around it. */
final class BareNetwork implements AutoCloseable {
  private final Model model;

  private BareNetwork(Model model) {
    this.model = model;
  }

  static BareNetwork open(ModelFile file) {
    return new BareNetwork(
        OnnxModel.openModel(OnnxFile.read(file), NetworkOptions.defaults().withThreads(1)));
  }

  /** Creates a buffer that the session can use without copying. */
  static FloatBuffer input(Shape shape) {
    return ByteBuffer.allocateDirect(Math.toIntExact(Float.BYTES * shape.size()))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  int run(FloatBuffer input, Shape shape) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList inputs = new NDList(manager.create(input, shape));
      return model.getBlock().forward(new ParameterStore(manager, false), inputs, false).size();
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
