// SPDX-License-Identifier: Apache-2.0
package io.omote.it.opencv;

import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;

/** Compares two images given as arguments. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite())) {
      FaceMatch match = matcher.compare(Path.of(args[0]), Path.of(args[1]));
      System.out.println("similarity=" + match.similarity());
      System.out.println("threshold=" + match.threshold());
      System.out.println("samePerson=" + match.isSamePerson());
    }
  }
}
