// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How a network is run, whatever it looks for. By default on the CPU, with as many threads, and as
 * many calls at a time, as the JVM may use processors; calls wait for their turn without a bound.
 *
 * <p>Immutable and thread-safe.
 */
public final class NetworkOptions {
  private final int processors;
  private final Optional<Device> device;
  private final Optional<Integer> threads;
  private final Optional<Integer> maxConcurrentCalls;
  private final Optional<Duration> maxWait;

  private NetworkOptions(
      int processors,
      Optional<Device> device,
      Optional<Integer> threads,
      Optional<Integer> maxConcurrentCalls,
      Optional<Duration> maxWait) {
    this.processors = processors;
    this.device = device;
    this.threads = threads;
    this.maxConcurrentCalls = maxConcurrentCalls;
    this.maxWait = maxWait;
  }

  /**
   * The defaults.
   *
   * @return the default options
   */
  public static NetworkOptions defaults() {
    return new NetworkOptions(
        Runtime.getRuntime().availableProcessors(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Changes what the network runs on.
   *
   * @param where the device
   * @return the changed options
   */
  public NetworkOptions withDevice(Device where) {
    return new NetworkOptions(
        processors,
        Optional.of(Objects.requireNonNull(where, "where")),
        threads,
        maxConcurrentCalls,
        maxWait);
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
    return new NetworkOptions(processors, device, Optional.of(count), maxConcurrentCalls, maxWait);
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
    return new NetworkOptions(processors, device, threads, Optional.of(count), maxWait);
  }

  /**
   * Changes how long a call waits for its turn, before anything of its input is read; then it ends
   * in {@link BusyException}. Zero: it gets its turn at once or not at all.
   *
   * @param longest the longest wait, zero or more
   * @return the changed options
   * @throws IllegalArgumentException if it is negative
   */
  public NetworkOptions withMaxWait(Duration longest) {
    if (longest.isNegative()) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "expected a wait of zero or more, found %s", longest));
    }
    return new NetworkOptions(
        processors, device, threads, maxConcurrentCalls, Optional.of(longest));
  }

  /** Fills up what was not set with what was set of more networks than this. */
  NetworkOptions or(NetworkOptions general) {
    return new NetworkOptions(
        processors,
        device.or(() -> general.device),
        threads.or(() -> general.threads),
        maxConcurrentCalls.or(() -> general.maxConcurrentCalls),
        maxWait.or(() -> general.maxWait));
  }

  /**
   * The options of a matcher's networks where nothing was set for one of them alone.
   *
   * @param parallel whether two images are embedded at a time, which takes less time than one after
   *     the other by twice the threads
   */
  NetworkOptions shared(boolean parallel) {
    return parallel ? withThreads(processors / 2) : this;
  }

  /** Whether threads were left to be chosen, and there is more than one to share. */
  boolean canShareThreads() {
    return threads.isEmpty() && processors > 1;
  }

  /**
   * Whether one call may take two turns: not where there is only one, nor where another call would
   * need it at once.
   */
  boolean canLendTurns() {
    return maxConcurrentCalls() > 1 && !maxWait.map(Duration::isZero).orElse(false);
  }

  /**
   * What the network runs on.
   *
   * @return the device
   */
  public Device device() {
    return device.orElse(Device.cpu());
  }

  /**
   * How many threads work on one call.
   *
   * @return the number of threads, 1 or more
   */
  public int threads() {
    return threads.orElse(processors);
  }

  /**
   * How many calls work at a time.
   *
   * @return the number of calls, 1 or more
   */
  public int maxConcurrentCalls() {
    return maxConcurrentCalls.orElse(processors);
  }

  /**
   * How long a call waits for its turn.
   *
   * @return the longest wait, empty where it has no bound
   */
  public Optional<Duration> maxWait() {
    return maxWait;
  }
}
