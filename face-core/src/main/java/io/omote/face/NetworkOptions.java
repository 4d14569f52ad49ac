// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.Objects;

/**
 * How a network is run, whatever it looks for. By default on the CPU, with as many threads, and as
 * many calls at a time, as the JVM may use processors.
 *
 * <p>Immutable and thread-safe.
 */
public final class NetworkOptions {
  private final Device device;
  private final int threads;
  private final int maxConcurrentCalls;

  private NetworkOptions(Device device, int threads, int maxConcurrentCalls) {
    this.device = Objects.requireNonNull(device, "device");
    this.threads = threads;
    this.maxConcurrentCalls = maxConcurrentCalls;
  }

  /**
   * The defaults.
   *
   * @return the default options
   */
  public static NetworkOptions defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new NetworkOptions(Device.cpu(), processors, processors);
  }

  /**
   * Changes what the network runs on.
   *
   * @param where the device
   * @return the changed options
   */
  public NetworkOptions withDevice(Device where) {
    return new NetworkOptions(where, threads, maxConcurrentCalls);
  }

  /**
   * Changes how many threads work on one call.
   *
   * @param count the number of threads, 1 or more
   * @return the changed options
   * @throws IllegalArgumentException if it is not positive
   */
  public NetworkOptions withThreads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("expected 1 thread or more, found " + count);
    }
    return new NetworkOptions(device, count, maxConcurrentCalls);
  }

  /**
   * Changes how many calls work at a time; further ones wait their turn, in the order in which they
   * came. Memory grows with this number, not with that of the callers.
   *
   * @param count the number of calls, 1 or more
   * @return the changed options
   * @throws IllegalArgumentException if it is not positive
   */
  public NetworkOptions withMaxConcurrentCalls(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("expected 1 call at a time or more, found " + count);
    }
    return new NetworkOptions(device, threads, count);
  }

  /**
   * What the network runs on.
   *
   * @return the device
   */
  public Device device() {
    return device;
  }

  /**
   * How many threads work on one call.
   *
   * @return the number of threads, 1 or more
   */
  public int threads() {
    return threads;
  }

  /**
   * How many calls work at a time.
   *
   * @return the number of calls, 1 or more
   */
  public int maxConcurrentCalls() {
    return maxConcurrentCalls;
  }
}
