// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

/**
 * A device that networks run on. Immutable and thread-safe.
 *
 * <p>A GPU requires CUDA, and the GPU build of ONNX Runtime ({@code
 * com.microsoft.onnxruntime:onnxruntime_gpu}) on the class path in place of the CPU build. If the
 * GPU cannot be used, opening a network throws {@link DeviceUnavailableException}; it never falls
 * back to the CPU.
 */
public final class Device {
  private static final Device CPU = new Device(-1);

  private final int index;

  private Device(int index) {
    this.index = index;
  }

  /**
   * Returns the CPU, which is the default.
   *
   * @return the CPU
   */
  public static Device cpu() {
    return CPU;
  }

  /**
   * Returns a CUDA device.
   *
   * @param index the index of the device, from 0
   * @return the GPU
   * @throws IllegalArgumentException if the index is negative
   */
  public static Device gpu(int index) {
    if (index < 0) {
      throw new IllegalArgumentException("expected a GPU index of 0 or more, found " + index);
    }
    return new Device(index);
  }

  /**
   * Returns whether this is a GPU.
   *
   * @return true for a GPU, false for the CPU
   */
  public boolean isGpu() {
    return index >= 0;
  }

  /**
   * Returns the index of the GPU.
   *
   * @return the index, from 0
   * @throws IllegalStateException if this is the CPU
   */
  public int gpuIndex() {
    if (!isGpu()) {
      throw new IllegalStateException("the CPU has no GPU index");
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
