// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.util.Objects;

/**
 * The progress of a fetch with one file. Immutable and thread-safe.
 *
 * @param pack the name of the pack
 * @param file the name of the current file: a file of the pack, or an archive that holds it
 * @param phase the current phase
 * @param bytes the number of bytes done
 * @param total the number of bytes of the file
 */
public record FetchProgress(String pack, String file, Phase phase, long bytes, long total) {
  /** A phase of a fetch. */
  public enum Phase {
    /** The file is being transferred, on its own or out of a remote archive. */
    DOWNLOADING,
    /** The file is being extracted from an archive that was fetched as a whole. */
    EXTRACTING,
    /** The file is verified and has its final name. */
    DONE
  }

  /**
   * Checks that no component is null.
   *
   * @param pack the name of the pack
   * @param file the name of the current file: a file of the pack, or an archive that holds it
   * @param phase the current phase
   * @param bytes the number of bytes done
   * @param total the number of bytes of the file
   * @throws NullPointerException if a component is null
   */
  public FetchProgress {
    Objects.requireNonNull(pack, "pack");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(phase, "phase");
  }
}
