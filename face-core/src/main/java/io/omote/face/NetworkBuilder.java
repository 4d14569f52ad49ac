// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.internal.options.NetworkOptions;
import java.time.Duration;
import java.util.Locale;

/**
 * The options that all builders of networks share. Not thread-safe.
 *
 * @param <B> the builder itself
 */
abstract class NetworkBuilder<B extends NetworkBuilder<B>> {
  /** More than any call can use: ONNX Runtime starts all of them at once. */
  private static final int MAX_THREADS = 1024;

  private NetworkOptions network = NetworkOptions.defaults();

  abstract B self();

  NetworkOptions network() {
    return network;
  }

  /**
   * Sets the device to run on. The CPU by default.
   *
   * @param device the device
   * @return this builder
   */
  public B device(Device device) {
    network = network.withDevice(device);
    return self();
  }

  /**
   * Sets the number of threads that work on one call. By default one per processor that the JVM may
   * use.
   *
   * @param count the number of threads, from 1 to 1024
   * @return this builder
   * @throws IllegalArgumentException if the number is outside this range
   */
  public B threads(int count) {
    if (count < 1 || count > MAX_THREADS) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected 1 to %d threads, found %d", MAX_THREADS, count));
    }
    network = network.withThreads(count);
    return self();
  }

  /**
   * Sets the largest number of calls that run concurrently. Further calls wait for a turn, in order
   * of arrival, and memory grows with this number rather than with the number of callers. By
   * default one call per processor that the JVM may use.
   *
   * @param count the number of calls, 1 or more
   * @return this builder
   * @throws IllegalArgumentException if the number is not positive
   */
  public B maxConcurrentCalls(int count) {
    network = network.withMaxConcurrentCalls(count);
    return self();
  }

  /**
   * Sets the longest time that a call waits for a turn before it ends with {@link BusyException},
   * which a web service answers with status 503. With zero a call gets its turn at once or not at
   * all. By default calls wait without a bound.
   *
   * @param longest the longest wait, zero or more
   * @return this builder
   * @throws IllegalArgumentException if the wait is negative
   */
  public B maxWait(Duration longest) {
    network = network.withMaxWait(longest);
    return self();
  }
}
