// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.GalleryException;
import java.nio.file.Path;

/** A program that removes a person from a gallery. */
final class RemovingProcess {
  private RemovingProcess() {}

  /**
   * Takes folder and person; exits with the number of samples, or with 99 if it does not get in.
   */
  public static void main(String[] args) {
    int removed;
    try (LuceneGallery gallery = LuceneGallery.open(Path.of(args[0]), Faces.MODEL)) {
      removed = gallery.removePerson(args[1]);
    } catch (GalleryException e) {
      removed = 99;
    }
    System.exit(removed);
  }

  static int run(Path folder, String person) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            RemovingProcess.class.getName(),
            folder.toString(),
            person)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
        .waitFor();
  }
}
