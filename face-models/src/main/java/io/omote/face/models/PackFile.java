// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.util.Objects;

/**
 * A file of a pack. Immutable and thread-safe.
 *
 * @param name the name of the file, without folders
 * @param size its size in bytes
 * @param sha256 its SHA-256, 64 lowercase hexadecimal digits
 * @param purpose its purpose
 * @param bundled whether it is on the class path and never fetched
 */
public record PackFile(String name, long size, String sha256, Purpose purpose, boolean bundled) {
  /** The purpose of a file. */
  public enum Purpose {
    /** Finding faces. */
    DETECTION,
    /** Embedding faces. */
    RECOGNITION,
    /** Finding more landmarks than the detector's five. */
    LANDMARKS,
    /** Estimating attributes of a face: age and sex. */
    ATTRIBUTES,
    /** Presentation attack detection. */
    LIVENESS,
    /** Scoring the quality of the image of a face. */
    QUALITY
  }

  /**
   * Checks that no component is null.
   *
   * @param name the name of the file, without folders
   * @param size its size in bytes
   * @param sha256 its SHA-256, 64 lowercase hexadecimal digits
   * @param purpose its purpose
   * @param bundled whether it is on the class path and never fetched
   * @throws NullPointerException if a component is null
   */
  public PackFile {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sha256, "sha256");
    Objects.requireNonNull(purpose, "purpose");
  }
}
