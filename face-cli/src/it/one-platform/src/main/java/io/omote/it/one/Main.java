// SPDX-License-Identifier: Apache-2.0
package io.omote.it.one;

import io.omote.face.FaceMatcher;
import io.omote.face.ImageException;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.Arrays;

/** Compares the first image given as an argument with each of the others. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite())) {
      for (String other : Arrays.asList(args).subList(1, args.length)) {
        Path second = Path.of(other);
        System.out.print(second.getFileName() + ": ");
        try {
          System.out.println(matcher.compare(Path.of(args[0]), second).isSamePerson());
        } catch (ImageException e) {
          System.out.println(e.reason() + " " + e.getMessage());
        }
      }
    }
  }
}
