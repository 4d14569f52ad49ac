// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import java.util.Arrays;

/**
 * Places for vectors, which lie across: an array has the first numbers of all vectors, the next one
 * the second ones, and so on, because the compiler makes vector instructions of sums that do not
 * depend on each other, and of one long sum it makes none.
 *
 * <p>Not thread-safe while vectors are put in; whoever shares it says which places count.
 *
 * @param numbers for each dimension the numbers of all places
 */
record TransposedVectors(float[][] numbers) {
  /** The more places, the fewer arrays and the longer the loops. */
  private static final int BYTES = 4 << 20;

  /** Arrays of so many fill a garbage collector's region, of a megabyte or more, to the end. */
  private static final int MOST_PLACES = 1936;

  /** The most room that is made at once. */
  private static final int STEP = 128;

  /** What vector registers take at a time, or a multiple of it. */
  private static final int ALIGNED = 16;

  /**
   * How many numbers are added to a sum at a time: each time it is read and written. Of a loop that
   * adds more the compiler makes no vector instructions.
   */
  private static final int AT_A_TIME = 4;

  /** For how many vectors there is room at most. */
  static int places(int dimension) {
    int places = Math.min(MOST_PLACES, BYTES / (Float.BYTES * dimension));
    return Math.max(ALIGNED, places / ALIGNED * ALIGNED);
  }

  /**
   * How far two products of unit vectors, as {@link #multiply} gives them, may be from where exact
   * ones were: n/4 + 5 additions and one product, of numbers whose absolute values add up to 1 at
   * most, each wrong by half an ulp; and so for both.
   */
  static float margin(int dimension) {
    return 2.001f * (dimension / 4 + 8) * 0x1p-24f;
  }

  /** With room for a few. */
  static TransposedVectors empty(int dimension) {
    return new TransposedVectors(new float[dimension][ALIGNED]);
  }

  /** The same with more room. */
  TransposedVectors grown() {
    int room = Math.min(places() + Math.min(places(), STEP), places(numbers.length));
    float[][] grown = new float[numbers.length][];
    for (int i = 0; i < grown.length; i++) {
      grown[i] = Arrays.copyOf(numbers[i], room);
    }
    return new TransposedVectors(grown);
  }

  int places() {
    return numbers[0].length;
  }

  void put(int place, float[] vector) {
    for (int i = 0; i < vector.length; i++) {
      numbers[i][place] = vector[i];
    }
  }

  float[] vector(int place) {
    float[] vector = new float[numbers.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers[i][place];
    }
    return vector;
  }

  /**
   * Multiplies vectors with all others. With many at a time the numbers come from the processor's
   * cache.
   *
   * @param vectors the vectors
   * @param products takes for each of them a sum for each place, also where no vector was put
   */
  void multiply(float[][] vectors, float[][] products) {
    for (int of = 0; of < vectors.length; of++) {
      Arrays.fill(products[of], 0, places(), 0);
    }
    int fours = numbers.length - numbers.length % AT_A_TIME;
    for (int i = 0; i < fours; i += AT_A_TIME) {
      for (int of = 0; of < vectors.length; of++) {
        add(
            products[of],
            vectors[of][i],
            numbers[i],
            vectors[of][i + 1],
            numbers[i + 1],
            vectors[of][i + 2],
            numbers[i + 2],
            vectors[of][i + 3],
            numbers[i + 3]);
      }
    }
    for (int i = fours; i < numbers.length; i++) {
      for (int of = 0; of < vectors.length; of++) {
        add(products[of], vectors[of][i], numbers[i]);
      }
    }
  }

  private static void add(
      float[] sums,
      float a0,
      float[] b0,
      float a1,
      float[] b1,
      float a2,
      float[] b2,
      float a3,
      float[] b3) {
    for (int place = 0; place < b0.length; place++) {
      sums[place] += (a0 * b0[place] + a1 * b1[place]) + (a2 * b2[place] + a3 * b3[place]);
    }
  }

  private static void add(float[] sums, float a, float[] b) {
    for (int place = 0; place < b.length; place++) {
      sums[place] += a * b[place];
    }
  }

  /** Of the products with all places. */
  float largest(float[] products) {
    float largest = Float.NEGATIVE_INFINITY;
    int places = places();
    for (int place = 0; place < places; place++) {
      float product = products[place];
      largest = product > largest ? product : largest;
    }
    return largest;
  }
}
