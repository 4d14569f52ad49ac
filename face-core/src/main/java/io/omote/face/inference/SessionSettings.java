// SPDX-License-Identifier: Apache-2.0
package io.omote.face.inference;

import io.omote.face.Device;

/**
 * How a network is run. Immutable and thread-safe.
 *
 * @param device what it runs on
 * @param threads how many threads work on one call
 */
public record SessionSettings(Device device, int threads) {}
