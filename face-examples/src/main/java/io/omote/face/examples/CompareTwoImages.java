// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import io.omote.face.ImageException;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;

/** Decides whether two images show the same person. Arguments: REFERENCE PROBE. */
public class CompareTwoImages {
  public static void main(String[] args) {
    Path reference = Path.of(args[0]);
    Path probe = Path.of(args[1]);
    try (FaceMatcher matcher = FaceMatcher.create(ModelZoo.lite())) {
      FaceMatch match = matcher.compare(reference, probe);
      System.out.println("similarity: " + match.similarity()); // raw cosine in [-1, 1]
      System.out.println("same person: " + match.isSamePerson()); // similarity >= match.threshold()
    } catch (ImageException e) {
      System.err.println(e.getMessage()); // which image; no face, damaged, too large: e.reason()
    }
  }
}
