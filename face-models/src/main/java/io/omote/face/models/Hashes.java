// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * SHA-256 of files. {@link #known} does not read a file again in the same process unless its size
 * or modification time has changed. Thread-safe.
 */
final class Hashes {
  private static final Map<Version, String> KNOWN = new ConcurrentHashMap<>();

  /** A version of a file. */
  private record Version(Path file, long size, FileTime modified) {}

  private Hashes() {}

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform supports SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static String known(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    Version version = new Version(file.toAbsolutePath(), now.size(), now.lastModifiedTime());
    String hash = KNOWN.get(version);
    if (hash == null) {
      hash = fresh(file);
      KNOWN.put(version, hash);
    }
    return hash;
  }

  static String fresh(Path file) throws IOException {
    MessageDigest digest = newDigest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream stream = Files.newInputStream(file)) {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return hex(digest);
  }
}
