// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import io.omote.face.InterruptedCallException;
import java.util.ArrayList;
import java.util.List;

/**
 * The exact nearest neighbors of each of many faces, by descending similarity. Neighbors of equal
 * similarity are in the order of their indices.
 *
 * <p>Immutable and thread-safe.
 */
public final class Neighbors {
  private final List<Nearest> lists;

  private Neighbors(List<Nearest> lists) {
    this.lists = lists;
  }

  /**
   * Compares all faces with each other, with one thread for each processor of the JVM.
   *
   * @param faces the faces
   * @param count the maximum number of neighbors of each face
   * @param threshold the minimum similarity of a neighbor
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
   * @param others the faces to look among; if they are the probes, no face is its own neighbor
   * @param count the maximum number of neighbors of each face
   * @param threshold the minimum similarity of a neighbor
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
   * Returns the number of faces.
   *
   * @return their number
   */
  public int size() {
    return lists.size();
  }

  /**
   * Returns the number of neighbors of a face.
   *
   * @param face its index
   * @return their number
   */
  public int count(int face) {
    return lists.get(face).count();
  }

  /**
   * Returns a neighbor of a face.
   *
   * @param face its index
   * @param rank the rank of the neighbor, from 0
   * @return the neighbor's index
   */
  public int neighbor(int face, int rank) {
    return lists.get(face).neighbor(rank);
  }

  /**
   * Returns the similarity of a neighbor.
   *
   * @param face the index of the face
   * @param rank the rank of the neighbor, from 0
   * @return their similarity
   */
  public double similarity(int face, int rank) {
    return lists.get(face).similarity(rank);
  }
}
