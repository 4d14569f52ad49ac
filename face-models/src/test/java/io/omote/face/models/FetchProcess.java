// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Fetches a pack. Arguments: its manifest, the folder of the store, and the time limit in
 * milliseconds.
 */
final class FetchProcess {
  private FetchProcess() {}

  public static void main(String[] args) {
    ModelStore.builder()
        .manifest(Path.of(args[0]))
        .directory(Path.of(args[1]))
        .insightFaceDirectory(Path.of(args[1], "none"))
        .fetchTimeout(Duration.ofMillis(Long.parseLong(args[2])))
        .build()
        .get(TestPack.NAME)
        .fetch();
  }
}
