// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.image;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a file that a decoder receives, in their order. The other parts never reach native
 * code.
 *
 * <p>Filled by one thread; thread-safe once it is complete.
 */
public final class FileParts {
  private final byte[] file;
  private final List<Part> parts = new ArrayList<>();
  private int length;

  /** The bytes of the file from one index to another, exclusive. */
  private record Part(int from, int to) {}

  /** A receiver of bytes of the file. */
  @FunctionalInterface
  public interface Receiver {
    /**
     * Takes the next bytes.
     *
     * @param file the file, which must not be changed
     * @param from the index of the first byte
     * @param count the number of bytes
     */
    void take(byte[] file, int from, int count);
  }

  FileParts(byte[] file) {
    this.file = file;
  }

  /** Returns all of a file as one part. */
  static FileParts all(byte[] file) {
    FileParts parts = new FileParts(file);
    parts.add(0, file.length);
    return parts;
  }

  /**
   * Adds the bytes from one index to another, exclusive, which may be beyond the end of the file.
   */
  void add(int from, int to) {
    int end = Math.min(to, file.length);
    if (from >= end) {
      return;
    }
    length += end - from;
    int last = parts.size() - 1;
    if (last >= 0 && parts.get(last).to() == from) {
      parts.set(last, new Part(parts.get(last).from(), end));
    } else {
      parts.add(new Part(from, end));
    }
  }

  /**
   * Returns the total number of bytes.
   *
   * @return the number
   */
  public int length() {
    return length;
  }

  /**
   * Passes the parts to a receiver, in their order.
   *
   * @param receiver the receiver
   */
  public void forEach(Receiver receiver) {
    for (Part part : parts) {
      receiver.take(file, part.from(), part.to() - part.from());
    }
  }
}
