// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.util.Objects;

/**
 * How far a fetch has come with one file. Immutable and thread-safe.
 *
 * @param pack the name of the pack
 * @param file the file that is worked on: a file of the pack, or an archive that holds it
 * @param phase what is done with it
 * @param bytes how many of its bytes are here
 * @param total how many bytes it has
 */
public record FetchProgress(String pack, String file, Phase phase, long bytes, long total) {
  /** What is done with a file. */
  public enum Phase {
    /** It comes over the network, by itself or out of a remote archive. */
    DOWNLOADING,
    /** It is taken out of an archive that was fetched as a whole. */
    EXTRACTING,
    /** It is verified and stands under its final name; an archive is verified. */
    DONE
  }

  /**
   * Checks that the parts are not null.
   *
   * @param pack the name of the pack
   * @param file the file that is worked on: a file of the pack, or an archive that holds it
   * @param phase what is done with it
   * @param bytes how many of its bytes are here
   * @param total how many bytes it has
   * @throws NullPointerException if one is
   */
  public FetchProgress {
    Objects.requireNonNull(pack, "pack");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(phase, "phase");
  }
}
