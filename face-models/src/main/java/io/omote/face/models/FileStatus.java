// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a file of a pack was found. Immutable and thread-safe.
 *
 * @param file the file
 * @param state how it was found
 * @param path where it lies, empty where it is missing or bundled
 */
public record FileStatus(PackFile file, State state, Optional<Path> path) {
  /** How a file can be found. */
  public enum State {
    /** It lies on the class path. */
    BUNDLED,
    /** It is there, and has the size and SHA-256 of the manifest. */
    VERIFIED,
    /** It is there, but is not the file of the manifest. */
    DAMAGED,
    /** It is not there. */
    MISSING
  }

  /**
   * Checks that the parts are not null.
   *
   * @param file the file
   * @param state how it was found
   * @param path where it lies, empty where it is missing or bundled
   * @throws NullPointerException if one is
   */
  public FileStatus {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(path, "path");
  }
}
