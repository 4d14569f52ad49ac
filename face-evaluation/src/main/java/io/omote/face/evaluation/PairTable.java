// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.evaluation.Protocol.Pair;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Pairs in the order of a list, each once. Lists have millions of lines, so a pair takes few bytes.
 * Used by one thread while pairs are added.
 */
final class PairTable implements Iterable<Pair> {
  /** An odd number near 2^64 divided by the golden ratio, which spreads the keys. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private long[] images = new long[16];
  private int[] labels = new int[16];
  private int[] lines = new int[16];
  private int size;

  /** The index of a pair plus one, at the place of its key or behind it; a power of two. */
  private int[] slots = new int[32];

  /**
   * Adds a pair, unless the table has one of the same two images in any order.
   *
   * @return the index of the pair with these images; the former size if it is new
   */
  int add(Pair pair, int line) {
    int slot = slot(key(pair.first(), pair.second()));
    if (slots[slot] != 0) {
      return slots[slot] - 1;
    }
    if (size == images.length) {
      grow();
      slot = slot(key(pair.first(), pair.second()));
    }
    images[size] = (long) pair.first() << 32 | pair.second();
    labels[size] = pair.fold() << 1 | (pair.mated() ? 1 : 0);
    lines[size] = line;
    slots[slot] = size + 1;
    return size++;
  }

  private static long key(int first, int second) {
    return (long) Math.min(first, second) << 32 | Math.max(first, second);
  }

  /** Returns the place of a key, or the free one where it belongs. */
  private int slot(long key) {
    int mask = slots.length - 1;
    int slot = (int) (key * SPREAD >>> 32) & mask;
    while (slots[slot] != 0 && keyAt(slots[slot] - 1) != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private long keyAt(int index) {
    return key((int) (images[index] >>> 32), (int) images[index]);
  }

  private void grow() {
    int room = size + size / 2;
    images = Arrays.copyOf(images, room);
    labels = Arrays.copyOf(labels, room);
    lines = Arrays.copyOf(lines, room);
    if (3L * slots.length >= 4L * room) {
      return;
    }
    slots = new int[2 * slots.length];
    for (int i = 0; i < size; i++) {
      slots[slot(keyAt(i))] = i + 1;
    }
  }

  int size() {
    return size;
  }

  /** Returns the line that a pair was first in. */
  int line(int index) {
    return lines[index];
  }

  Pair get(int index) {
    return new Pair(
        (int) (images[index] >>> 32),
        (int) images[index],
        (labels[index] & 1) == 1,
        labels[index] >>> 1);
  }

  @Override
  public Iterator<Pair> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size;
      }

      @Override
      public Pair next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return get(next++);
      }
    };
  }
}
