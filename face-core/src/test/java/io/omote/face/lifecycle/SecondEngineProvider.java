// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;

/** Poses as DJL's PyTorch, ranks before ONNX Runtime, and says so when it is started. */
public final class SecondEngineProvider implements EngineProvider {
  @Override
  public String getEngineName() {
    return "PyTorch";
  }

  @Override
  public int getEngineRank() {
    return 1;
  }

  @Override
  public Engine getEngine() {
    System.out.println("second engine started");
    throw new UnsupportedOperationException("the second engine must not start");
  }
}
