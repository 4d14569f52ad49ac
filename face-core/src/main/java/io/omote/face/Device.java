// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * What the networks run on. Immutable and thread-safe.
 *
 * <p>A GPU needs the GPU build of ONNX Runtime ({@code com.microsoft.onnxruntime:onnxruntime_gpu})
 * on the class path in place of the CPU build, and CUDA. A GPU that cannot be used is a {@link
 * DeviceUnavailableException}, never a silent use of the CPU.
 */
public final class Device {
  private static final Device CPU = new Device(-1);

  private final int index;

  private Device(int index) {
    this.index = index;
  }

  /**
   * The processor, the default.
   *
   * @return the CPU
   */
  public static Device cpu() {
    return CPU;
  }

  /**
   * A CUDA device.
   *
   * @param index the number of the device, from 0
   * @return the GPU
   * @throws IllegalArgumentException if the index is negative
   */
  public static Device gpu(int index) {
    if (index < 0) {
      throw new IllegalArgumentException("expected a GPU number of 0 or more, found " + index);
    }
    return new Device(index);
  }

  /**
   * Whether this is a GPU.
   *
   * @return true for a GPU, false for the CPU
   */
  public boolean isGpu() {
    return index >= 0;
  }

  /**
   * The number of the GPU.
   *
   * @return the number, from 0
   * @throws IllegalStateException if this is the CPU
   */
  public int gpuIndex() {
    if (!isGpu()) {
      throw new IllegalStateException("the CPU has no GPU number");
    }
    return index;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Device device && device.index == index;
  }

  @Override
  public int hashCode() {
    return index;
  }

  @Override
  public String toString() {
    return isGpu() ? "gpu(" + index + ")" : "cpu";
  }
}
