// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Synthetic faces of synthetic people, with realistic cosines: about 0.59 &#177; 0.13 for one
 * person, and for two people 0 &#177; 0.1 in 100 dimensions or 0 &#177; 0.044 in 512.
 */
public final class Crowd {
  public static final String MODEL = "model:0123456789ab";

  private final Random random;
  private final int dimension;
  private final List<FaceEmbedding> faces = new ArrayList<>();
  private final List<Integer> people = new ArrayList<>();
  private int persons;

  public Crowd(long seed, int dimension) {
    this.random = new Random(seed);
    this.dimension = dimension;
  }

  /** Adds a person with some faces. */
  public void add(int count) {
    double[] center = direction();
    for (int i = 0; i < count; i++) {
      double along = Math.max(0.3, Math.min(0.97, 0.77 + 0.115 * random.nextGaussian()));
      faces.add(near(center, along));
      people.add(persons);
    }
    persons++;
  }

  /** Many people with few faces, few people with many. */
  public static Crowd ofLongTail(long seed, int dimension, int persons, int most) {
    Crowd crowd = new Crowd(seed, dimension);
    for (int person = 0; person < persons; person++) {
      crowd.add((int) Math.max(1, Math.min(most, 1.2 * Math.pow(crowd.random.nextDouble(), -0.9))));
    }
    return crowd;
  }

  /** Returns the faces in an order that mixes people. */
  public static Crowd shuffled(Crowd crowd) {
    Crowd mixed = new Crowd(1, crowd.dimension);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < crowd.faces.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, mixed.random);
    for (int face : order) {
      mixed.faces.add(crowd.faces.get(face));
      mixed.people.add(crowd.people.get(face));
    }
    mixed.persons = crowd.persons;
    return mixed;
  }

  private double[] direction() {
    double[] unit = new double[dimension];
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      unit[i] = random.nextGaussian();
      squares += unit[i] * unit[i];
    }
    for (int i = 0; i < dimension; i++) {
      unit[i] /= Math.sqrt(squares);
    }
    return unit;
  }

  /** Returns a vector with a given cosine to a center, in a random direction. */
  private FaceEmbedding near(double[] center, double cosine) {
    double[] away = direction();
    double dot = 0;
    for (int i = 0; i < dimension; i++) {
      dot += center[i] * away[i];
    }
    double length = Math.sqrt(1 - dot * dot);
    float[] raw = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      raw[i] =
          (float)
              (cosine * center[i]
                  + Math.sqrt(1 - cosine * cosine) * (away[i] - dot * center[i]) / length);
    }
    return FaceEmbedding.ofRaw(MODEL, raw);
  }

  public List<FaceEmbedding> faces() {
    return faces;
  }

  /** Returns the person of each face. */
  public List<Integer> people() {
    return people;
  }

  public List<GalleryEntry> entries() {
    List<GalleryEntry> entries = new ArrayList<>();
    for (int i = 0; i < faces.size(); i++) {
      entries.add(new GalleryEntry("p" + people.get(i), "s" + i, faces.get(i)));
    }
    return entries;
  }
}
