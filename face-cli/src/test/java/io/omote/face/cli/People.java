// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.gallery.LuceneGallery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Galleries of imaginary people, for the model of the bundled pack. */
final class People {
  private static final String MODEL = "fr_feature:87aacdfe5751";

  private People() {}

  /** Enrolls people with one sample each, {@code 1.jpg}. */
  static void enroll(Path folder, String... names) {
    List<GalleryEntry> entries = new ArrayList<>();
    for (String name : names) {
      entries.add(new GalleryEntry(name, "1.jpg", face(name.hashCode())));
    }
    try (FaceGallery gallery = LuceneGallery.open(folder, MODEL)) {
      gallery.enroll(entries);
    }
  }

  static FaceEmbedding face(int seed) {
    Random random = new Random(seed);
    float[] raw = new float[512];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (float) random.nextGaussian();
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  /** Removes a person like another process. */
  static void remove(Path folder, String name) {
    try (FaceGallery gallery = LuceneGallery.open(folder, MODEL)) {
      gallery.removePerson(name);
    }
  }

  /** Returns the names in a gallery, in order. */
  static List<String> names(Path folder) {
    List<String> names = new ArrayList<>();
    try (FaceGallery gallery = LuceneGallery.openReadOnly(folder, MODEL)) {
      gallery.forEach(entry -> names.add(entry.person()));
    }
    return names.stream().sorted().toList();
  }
}
