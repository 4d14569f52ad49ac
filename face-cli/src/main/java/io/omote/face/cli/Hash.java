// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Hashes of 64 bits, so that millions of names fit into memory: among a million, two are equal with
 * a probability of 3e-8. Stateless and thread-safe.
 */
final class Hash {
  private Hash() {}

  static long of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  static long of(byte[] bytes) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
