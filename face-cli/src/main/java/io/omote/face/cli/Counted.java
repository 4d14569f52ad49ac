// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

/** Numbers of things in English. Stateless and thread-safe. */
final class Counted {
  private Counted() {}

  static String faces(long count) {
    return of(count, "face", "faces");
  }

  static String images(long count) {
    return of(count, "image", "images");
  }

  static String samples(long count) {
    return of(count, "sample", "samples");
  }

  static String people(long count) {
    return of(count, "person", "people");
  }

  static String albums(long count) {
    return of(count, "album", "albums");
  }

  private static String of(long count, String one, String several) {
    return count + " " + (count == 1 ? one : several);
  }
}
