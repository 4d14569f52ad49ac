// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Embeddings that belong to nobody. */
final class Faces {
  static final String MODEL = "model:0123456789ab";
  static final int DIMENSION = 512;

  private Faces() {}

  static FaceEmbedding random(Random random) {
    float[] raw = new float[DIMENSION];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (float) random.nextGaussian();
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  /** Returns a face, always the same for a number. */
  static FaceEmbedding of(int number) {
    return random(new Random(number));
  }

  /** Returns another face that is similar to one, with a cosine of about 0.77. */
  static FaceEmbedding near(FaceEmbedding face, int number) {
    // A seed other than that of the face of this number.
    Random random = new Random(~number);
    float[] raw = face.toArray();
    double spread = 0.83 / Math.sqrt(raw.length);
    for (int i = 0; i < raw.length; i++) {
      raw[i] += (float) (spread * random.nextGaussian());
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  /** Returns persons with five samples each. */
  static List<GalleryEntry> entries(int from, int to) {
    List<GalleryEntry> entries = new ArrayList<>();
    for (int i = from; i < to; i++) {
      entries.add(new GalleryEntry("person " + i / 5, "sample " + i, of(i)));
    }
    return entries;
  }
}
