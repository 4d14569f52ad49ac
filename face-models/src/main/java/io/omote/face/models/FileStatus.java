// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of verifying a file of a pack. Immutable and thread-safe.
 *
 * @param file the file
 * @param state its state
 * @param path its path, empty if it is missing or bundled
 */
public record FileStatus(PackFile file, State state, Optional<Path> path) {
  /** The state of a file. */
  public enum State {
    /** The file is on the class path. */
    BUNDLED,
    /** The file has the size and SHA-256 of the manifest. */
    VERIFIED,
    /** The file exists, but its size or SHA-256 differs from the manifest. */
    DAMAGED,
    /** The file does not exist. */
    MISSING
  }

  /**
   * Checks that no component is null.
   *
   * @param file the file
   * @param state its state
   * @param path its path, empty if it is missing or bundled
   * @throws NullPointerException if a component is null
   */
  public FileStatus {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(path, "path");
  }
}
