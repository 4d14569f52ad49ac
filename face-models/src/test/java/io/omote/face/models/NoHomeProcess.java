// SPDX-License-Identifier: Apache-2.0
package io.omote.face.models;

import io.omote.face.FaceException;
import java.util.stream.Collectors;

/** Uses packs in the process of a user without a home, and prints the results. */
final class NoHomeProcess {
  private NoHomeProcess() {}

  public static void main(String[] args) {
    System.out.println(
        ModelZoo.list().stream()
            .map(pack -> pack.name() + " " + pack.isAvailable())
            .collect(Collectors.joining(", ", "list: ", "")));
    ModelPack lite = ModelZoo.get("lite");
    lite.models();
    lite.fetch();
    lite.verify();
    lite.delete();
    System.out.println("lite works");
    ModelPack large = ModelZoo.buffaloL();
    System.out.println(
        "accepted: "
            + large.isLicenseAccepted()
            + ", found: "
            + large.verify().stream().map(FileStatus::state).distinct().toList());
    large.delete();
    System.out.println("fetch: " + failureOf(() -> large.acceptLicense().fetch()));
    System.out.println("models: " + failureOf(() -> large.acceptLicense().models()));
    System.out.println("directory: " + failureOf(large::directory));
    System.out.println(
        "DJL: "
            + ai.djl.repository.zoo.ModelZoo.getModelZoo("io.omote").getModelLoaders().stream()
                .map(loader -> loader.getMrl().getArtifactId())
                .toList());
  }

  private static String failureOf(Runnable call) {
    try {
      call.run();
      return "none";
    } catch (FaceException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
  }
}
