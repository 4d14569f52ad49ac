// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.FaceMatcher;
import java.nio.file.Path;

/**
 * Compares two images without a socket. Arguments: the manifest of a pack, the folder of a store
 * that holds it, and the images.
 */
final class CompareProcess {
  private CompareProcess() {}

  public static void main(String[] args) throws Exception {
    NoSockets.install();
    ModelPack pack =
        ModelStore.builder()
            .manifest(Path.of(args[0]))
            .directory(Path.of(args[1]))
            .insightFaceDirectory(Path.of(args[1], "none"))
            .build()
            .get(TestPack.NAME);
    System.out.println("available: " + pack.isAvailable());
    try (FaceMatcher matcher = FaceMatcher.create(pack.fetch())) {
      System.out.println(
          "similarity: " + matcher.compare(Path.of(args[2]), Path.of(args[3])).similarity());
    }
    System.out.println("sockets: " + NoSockets.asked());
  }
}
