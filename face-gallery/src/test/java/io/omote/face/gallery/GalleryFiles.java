// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The content of all files of a gallery's folder. */
final class GalleryFiles {
  private GalleryFiles() {}

  /**
   * All files except the lock file, which is empty: opening and closing it would lose the lock of
   * this process.
   */
  static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.endsWith("write.lock")).sorted().toList();
    }
  }

  static boolean contain(Path folder, byte[]... wanted) throws IOException {
    for (Path file : in(folder)) {
      String bytes;
      try {
        bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      } catch (NoSuchFileException e) {
        continue; // another process has deleted it
      }
      for (byte[] one : wanted) {
        if (bytes.contains(new String(one, StandardCharsets.ISO_8859_1))) {
          return true;
        }
      }
    }
    return false;
  }

  static boolean contain(Path folder, String text) throws IOException {
    return contain(folder, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the binary form, and parts of the vector in both byte orders. */
  static boolean contain(Path folder, FaceEmbedding face) throws IOException {
    List<byte[]> parts = new ArrayList<>();
    parts.add(face.toBytes());
    float[] numbers = face.toArray();
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      for (int from = 0; from + 4 <= numbers.length; from += 100) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * Float.BYTES).order(order);
        bytes.asFloatBuffer().put(Arrays.copyOfRange(numbers, from, from + 4));
        parts.add(bytes.array());
      }
    }
    return contain(folder, parts.toArray(byte[][]::new));
  }

  static void assertNothingOf(Path folder, List<GalleryEntry> removed) throws IOException {
    for (GalleryEntry entry : removed) {
      assertThat(contain(folder, entry.face())).isFalse();
      assertThat(contain(folder, entry.sample())).isFalse();
    }
  }
}
