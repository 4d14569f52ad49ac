// SPDX-License-Identifier: Apache-2.0
package io.omote.face.galleries;

import java.nio.file.Path;

/** Enrols batch after batch, says how many samples are kept, and waits to be killed. */
final class WriterProcess {
  static final int BATCH = 25;

  private WriterProcess() {}

  public static void main(String[] args) {
    try (LuceneGallery gallery = LuceneGallery.open(Path.of(args[0]), Faces.MODEL)) {
      while (true) {
        int size = gallery.size();
        System.out.println(size);
        gallery.enrol(Faces.entries(size, size + BATCH));
      }
    }
  }
}
