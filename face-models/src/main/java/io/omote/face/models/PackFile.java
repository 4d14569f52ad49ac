// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.util.Objects;

/**
 * A file of a pack. Immutable and thread-safe.
 *
 * @param name the name of the file, without folders
 * @param size its size in bytes
 * @param sha256 its SHA-256, 64 lower-case hexadecimal digits
 * @param purpose what it is for
 * @param bundled whether it lies on the class path and is never fetched
 */
public record PackFile(String name, long size, String sha256, Purpose purpose, boolean bundled) {
  /** What a file is for. */
  public enum Purpose {
    /** Finding faces. */
    DETECTION,
    /** Embedding faces. */
    RECOGNITION,
    /** Points on a face beyond the five landmarks. */
    LANDMARKS,
    /** Attributes of a face: age and sex. */
    ATTRIBUTES,
    /** Telling live faces from attacks. */
    LIVENESS,
    /** Scoring how well an image shows a face. */
    QUALITY
  }

  /**
   * Checks that the parts are not null.
   *
   * @param name the name of the file, without folders
   * @param size its size in bytes
   * @param sha256 its SHA-256, 64 lower-case hexadecimal digits
   * @param purpose what it is for
   * @param bundled whether it lies on the class path and is never fetched
   * @throws NullPointerException if one is
   */
  public PackFile {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sha256, "sha256");
    Objects.requireNonNull(purpose, "purpose");
  }
}
