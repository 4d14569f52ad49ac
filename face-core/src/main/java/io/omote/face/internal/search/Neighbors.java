// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import io.omote.face.InterruptedCallException;
import java.util.ArrayList;
import java.util.List;

/**
 * For each of many faces the most similar others, exactly: by descending similarity, and of one
 * similarity in the order of their indices.
 *
 * <p>Immutable and thread-safe.
 *
 * @hidden
 */
public final class Neighbors {
  private final List<Nearest> lists;

  private Neighbors(List<Nearest> lists) {
    this.lists = lists;
  }

  /**
   * Compares all faces with each other, on as many threads as the JVM has processors.
   *
   * @param faces the faces
   * @param count the most neighbors of each
   * @param threshold the least similarity of a neighbor
   * @return the neighbors
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static Neighbors within(VectorTable faces, int count, double threshold) {
    List<Nearest> lists = new ArrayList<>();
    PairScan.inParallel(faces, part -> nearest(part, faces, count, threshold))
        .forEach(lists::addAll);
    return new Neighbors(lists);
  }

  /**
   * Compares faces with others, on the calling thread.
   *
   * @param probes the faces whose neighbors are wanted
   * @param others the faces among which they are looked for; where they are the probes, no face is
   *     its own neighbor
   * @param count the most neighbors of each
   * @param threshold the least similarity of a neighbor
   * @return the neighbors of the probes
   * @throws InterruptedCallException if the thread is interrupted
   */
  public static Neighbors between(
      VectorTable probes, VectorTable others, int count, double threshold) {
    PairScan.Part all = new PairScan.Part(probes, 0, probes.size());
    return new Neighbors(nearest(all, others, count, threshold));
  }

  private static List<Nearest> nearest(
      PairScan.Part part, VectorTable others, int count, double threshold) {
    List<Nearest> lists = new ArrayList<>();
    for (int probe = part.from(); probe < part.to(); probe++) {
      lists.add(new Nearest(count, threshold));
    }
    boolean same = part.probes() == others;
    part.scan(
        others,
        false,
        new PairScan.Visitor() {
          @Override
          public double floor(int probe) {
            return lists.get(probe - part.from()).floor();
          }

          @Override
          public void visit(int probe, int other, double similarity) {
            if (!same || probe != other) {
              lists.get(probe - part.from()).offer(other, similarity);
            }
          }
        });
    return lists;
  }

  /**
   * How many faces there are.
   *
   * @return their number
   */
  public int size() {
    return lists.size();
  }

  /**
   * How many neighbors a face has.
   *
   * @param face its index
   * @return their number
   */
  public int count(int face) {
    return lists.get(face).count();
  }

  /**
   * A neighbor of a face.
   *
   * @param face its index
   * @param rank which, from 0
   * @return the neighbor's index
   */
  public int neighbor(int face, int rank) {
    return lists.get(face).neighbor(rank);
  }

  /**
   * The similarity of a neighbor.
   *
   * @param face the index of the face
   * @param rank which neighbor, from 0
   * @return the similarity of the two
   */
  public double similarity(int face, int rank) {
    return lists.get(face).similarity(rank);
  }
}
