// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.options;

import io.omote.face.Device;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The options that any network has, and any object that guards its calls. By default it runs on the
 * CPU, with one thread and one concurrent call per processor that the JVM may use, and calls wait
 * for their turn without a bound.
 *
 * <p>Immutable and thread-safe.
 */
public final class NetworkOptions {
  private static final NetworkOptions DEFAULTS =
      new NetworkOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private final Optional<Device> device;
  private final Optional<Integer> threads;
  private final Optional<Integer> maxConcurrentCalls;
  private final Optional<Duration> maxWait;

  private NetworkOptions(
      Optional<Device> device,
      Optional<Integer> threads,
      Optional<Integer> maxConcurrentCalls,
      Optional<Duration> maxWait) {
    this.device = device;
    this.threads = threads;
    this.maxConcurrentCalls = maxConcurrentCalls;
    this.maxWait = maxWait;
  }

  public static NetworkOptions defaults() {
    return DEFAULTS;
  }

  public NetworkOptions withDevice(Device changed) {
    return new NetworkOptions(
        Optional.of(Objects.requireNonNull(changed, "device")),
        threads,
        maxConcurrentCalls,
        maxWait);
  }

  /**
   * Changes the number of threads that work on one call.
   *
   * @param count the number, 1 or more
   */
  public NetworkOptions withThreads(int count) {
    return new NetworkOptions(device, Optional.of(count), maxConcurrentCalls, maxWait);
  }

  /**
   * Changes the number of calls that run concurrently.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public NetworkOptions withMaxConcurrentCalls(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("expected 1 concurrent call or more, found " + count);
    }
    return new NetworkOptions(device, threads, Optional.of(count), maxWait);
  }

  /**
   * Changes how long a call waits for its turn. With zero it gets its turn at once or not at all.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public NetworkOptions withMaxWait(Duration longest) {
    if (Objects.requireNonNull(longest, "longest").isNegative()) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected a wait of zero or more, found %s", longest));
    }
    return new NetworkOptions(device, threads, maxConcurrentCalls, Optional.of(longest));
  }

  /** Takes each option that is not set here from more general options. */
  public NetworkOptions or(NetworkOptions general) {
    return new NetworkOptions(
        device.or(() -> general.device),
        threads.or(() -> general.threads),
        maxConcurrentCalls.or(() -> general.maxConcurrentCalls),
        maxWait.or(() -> general.maxWait));
  }

  /** Returns whether the number of threads was set, rather than left to its default. */
  public boolean isThreadsSet() {
    return threads.isPresent();
  }

  public Device device() {
    return device.orElse(Device.cpu());
  }

  public int threads() {
    return threads.orElseGet(NetworkOptions::processors);
  }

  public int maxConcurrentCalls() {
    return maxConcurrentCalls.orElseGet(NetworkOptions::processors);
  }

  /** Returns the longest wait for a turn, empty where it has no bound. */
  public Optional<Duration> maxWait() {
    return maxWait;
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }
}
