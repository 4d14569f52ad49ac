// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import java.util.Arrays;

/**
 * Vectors in transposed order: the first array has the first numbers of all vectors, the second one
 * the second numbers, and so on. The JIT compiler uses vector instructions for many independent
 * sums, but not for one long sum.
 *
 * <p>Not thread-safe while vectors are put in. The owner knows how many places are in use.
 *
 * @param numbers the numbers of all places, one array for each dimension
 */
record TransposedVectors(float[][] numbers) {
  /** The maximum size: more places mean fewer arrays and longer loops. */
  private static final int BYTES = 4 << 20;

  /** Arrays of this length fill the regions of a garbage collector, of 1 MB or more, completely. */
  private static final int MOST_PLACES = 1936;

  /** The maximum number of places that are added at once. */
  private static final int STEP = 128;

  /** A multiple of the number of floats in a vector register. */
  private static final int ALIGNED = 16;

  /**
   * The number of products that one step adds to a sum, which is read and written once for each
   * step. For a loop with more of them the JIT compiler uses no vector instructions.
   */
  private static final int PRODUCTS_OF_STEP = 4;

  /** Returns the maximum number of places. */
  static int places(int dimension) {
    int places = Math.min(MOST_PLACES, BYTES / (Float.BYTES * dimension));
    return Math.max(ALIGNED, places / ALIGNED * ALIGNED);
  }

  /**
   * Returns a bound for the error of the difference of two products of unit vectors, as {@link
   * #multiply} computes them. Each takes n/4 + 5 additions and one multiplication of numbers whose
   * absolute values sum up to at most 1, each with an error of half an ulp.
   */
  static float margin(int dimension) {
    return 2.001f * (dimension / 4 + 8) * 0x1p-24f;
  }

  /** Returns vectors with a few free places. */
  static TransposedVectors empty(int dimension) {
    return new TransposedVectors(new float[dimension][ALIGNED]);
  }

  /** Returns a copy with more places. */
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
   * Multiplies vectors with the vectors of all places. Several vectors in one call make better use
   * of the processor's cache.
   *
   * @param vectors the vectors
   * @param products receives for each vector the product with each place, also with free ones
   */
  void multiply(float[][] vectors, float[][] products) {
    for (int of = 0; of < vectors.length; of++) {
      Arrays.fill(products[of], 0, places(), 0);
    }
    int fours = numbers.length - numbers.length % PRODUCTS_OF_STEP;
    for (int i = 0; i < fours; i += PRODUCTS_OF_STEP) {
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

  /** Returns the largest of the products with all places. */
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
