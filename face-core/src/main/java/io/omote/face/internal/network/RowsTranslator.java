// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.omote.face.ModelException;
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.engine.TensorBuffers;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * DJL Translator for a network that gives one row of numbers for each face it is shown.
 *
 * <p>Holds nothing of a call, so it is safe for use by several predictors at once.
 *
 * @param <S> what is shown of a face
 * @param <A> what a row becomes
 * @hidden
 */
public final class RowsTranslator<S, A> extends ImageTranslator<List<S>, List<A>> {
  private final Shape face;
  private final int columns;
  private final Filler<S> filler;
  private final Reader<S, A> reader;

  /**
   * Fills the input of one face.
   *
   * @param <S> what is shown of a face
   */
  @FunctionalInterface
  interface Filler<S> {
    /**
     * Fills.
     *
     * @param source what is shown
     * @param input takes the floats of one face, from index 0 on
     */
    void fill(S source, FloatBuffer input);
  }

  /**
   * Reads the row of one face.
   *
   * @param <S> what is shown of a face
   * @param <A> what the row becomes
   */
  @FunctionalInterface
  interface Reader<S, A> {
    /**
     * Reads.
     *
     * @param row the numbers, all finite
     * @param source what was shown
     * @return what they say
     * @throws IllegalArgumentException if they mean nothing
     */
    A read(float[] row, S source);
  }

  RowsTranslator(int planes, int size, int columns, Filler<S> filler, Reader<S, A> reader) {
    this.face = new Shape(planes, size, size);
    this.columns = columns;
    this.filler = filler;
    this.reader = reader;
  }

  @Override
  protected Shape shape(List<S> sources) {
    return new Shape(sources.size()).addAll(face);
  }

  @Override
  protected void fill(List<S> sources, FloatBuffer input) {
    int floats = Math.toIntExact(face.size());
    for (int i = 0; i < sources.size(); i++) {
      filler.fill(sources.get(i), input.slice(i * floats, floats));
    }
  }

  @Override
  protected List<A> read(NDList outputs, List<S> sources) {
    NDArray output = outputs.head();
    if (outputs.size() != 1 || output.getShape().size() != (long) sources.size() * columns) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected one output of the shape [%s,%s], found %s outputs, the first of %s: is this another kind of network?",
              sources.size(),
              columns,
              outputs.size(),
              Arrays.toString(output.getShape().getShape())));
    }
    FloatBuffer rows = TensorBuffers.floats(output);
    List<A> answers = new ArrayList<>(sources.size());
    for (S source : sources) {
      float[] row = new float[columns];
      rows.get(row);
      answers.add(read(row, source));
    }
    return answers;
  }

  private A read(float[] row, S source) {
    try {
      for (float number : row) {
        if (!Float.isFinite(number)) {
          throw new IllegalArgumentException("one that is not finite");
        }
      }
      return reader.read(row, source);
    } catch (IllegalArgumentException e) {
      // The numbers themselves may be biometric data.
      throw new ModelException(
          "expected numbers that say something of a face, found others: the weights of the network"
              + " are damaged, or it is another kind of network");
    }
  }
}
