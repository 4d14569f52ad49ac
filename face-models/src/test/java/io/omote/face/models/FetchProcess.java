// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import java.nio.file.Path;

/** Fetches a pack: arguments are its manifest and the folder of the store. */
final class FetchProcess {
  private FetchProcess() {}

  public static void main(String[] args) {
    ModelStore.builder()
        .manifest(Path.of(args[0]))
        .directory(Path.of(args[1]))
        .insightFaceDirectory(Path.of(args[1], "none"))
        .build()
        .get(TestPack.NAME)
        .fetch();
  }
}
