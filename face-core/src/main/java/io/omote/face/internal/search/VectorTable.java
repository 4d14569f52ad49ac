// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.search;

import io.omote.face.EmbeddingException;
import io.omote.face.FaceEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/**
 * Embeddings of one model, laid out for comparison with many others. Products in single precision
 * show which pairs may reach a similarity; {@link FaceEmbedding#similarity} then scores those.
 *
 * <p>Immutable and thread-safe.
 */
public final class VectorTable {
  private final List<FaceEmbedding> faces;
  private final int places;
  private final float margin;
  private final List<TransposedVectors> blocks = new ArrayList<>();

  /** A receiver of the faces that are found. */
  @FunctionalInterface
  interface Visitor {
    void visit(int face, double similarity);
  }

  private VectorTable(List<FaceEmbedding> faces) {
    this.faces = List.copyOf(faces);
    int dimension = faces.isEmpty() ? 1 : faces.get(0).dimension();
    places = TransposedVectors.places(dimension);
    margin = TransposedVectors.margin(dimension);
    for (int at = 0; at < faces.size(); at++) {
      checkSameModel(faces.get(0), faces.get(at));
      if (at % places == 0) {
        blocks.add(TransposedVectors.empty(dimension));
      }
      if (at % places == blocks.get(at / places).places()) {
        blocks.set(at / places, blocks.get(at / places).grown());
      }
      blocks.get(at / places).put(at % places, faces.get(at).toArray());
    }
  }

  private static void checkSameModel(FaceEmbedding one, FaceEmbedding other) {
    if (!one.modelId().equals(other.modelId()) || one.dimension() != other.dimension()) {
      throw new EmbeddingException(
          String.format(
              Locale.ROOT,
              "expected embeddings of one model, found %s (%d) and %s (%d): embed all faces with the same model",
              one.modelId(),
              one.dimension(),
              other.modelId(),
              other.dimension()));
    }
  }

  /**
   * Lays out embeddings.
   *
   * @param faces the embeddings
   * @return their table
   * @throws EmbeddingException if they come from several models
   */
  public static VectorTable of(List<FaceEmbedding> faces) {
    return new VectorTable(faces);
  }

  /**
   * Returns the number of faces.
   *
   * @return their number
   */
  public int size() {
    return faces.size();
  }

  /**
   * Returns a face.
   *
   * @param index the index of the face
   * @return its embedding
   */
  public FaceEmbedding face(int index) {
    return faces.get(index);
  }

  void checkSameModel(VectorTable other) {
    if (!faces.isEmpty() && !other.faces.isEmpty()) {
      checkSameModel(faces.get(0), other.faces.get(0));
    }
  }

  /** Returns the number of faces in a full block. */
  int places() {
    return places;
  }

  int blocks() {
    return blocks.size();
  }

  /**
   * Returns the index of the first face of a block, or the number of faces after the last block.
   */
  int start(int block) {
    return Math.min(block * places, faces.size());
  }

  /**
   * Multiplies probes with a block.
   *
   * @param block the index of the block
   * @param vectors the vectors of the probes
   * @param products receives for each probe the product with each face of the block
   */
  void multiply(int block, float[][] vectors, float[][] products) {
    blocks.get(block).multiply(vectors, products);
  }

  /**
   * Visits the faces of a block that reach a similarity to a probe.
   *
   * @param block the index of the block
   * @param probe the probe
   * @param products its products with the block
   * @param first the index of the first face to visit
   * @param floor the minimum similarity, which may rise while faces are visited
   * @param visitor receives the faces in ascending order
   */
  void visit(
      int block,
      FaceEmbedding probe,
      float[] products,
      int first,
      DoubleSupplier floor,
      Visitor visitor) {
    if (blocks.get(block).largest(products) < floor.getAsDouble() - margin) {
      return;
    }
    int start = start(block);
    int end = start(block + 1);
    for (int face = Math.max(start, first); face < end; face++) {
      if (products[face - start] >= floor.getAsDouble() - margin) {
        double similarity = faces.get(face).similarity(probe);
        if (similarity >= floor.getAsDouble()) {
          visitor.visit(face, similarity);
        }
      }
    }
  }
}
