// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.omote.face.EmbeddingException;
import io.omote.face.ModelException;
import io.omote.face.internal.engine.ImageTranslator;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.OnnxGraph.Value;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.engine.TensorBuffers;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A DJL Translator for networks that return a row of numbers for each face, in one output or
 * several: from crops to results, in one run.
 *
 * <p>Holds no state of a call, so several predictors may use it concurrently.
 *
 * @param <S> the type of a crop
 * @param <A> the type of a result
 */
public final class RowTranslator<S, A> extends ImageTranslator<List<S>, List<A>> {
  /** Memory grows with the batch and speed does not, so many faces are run in parts. */
  private static final int MAX_BATCH = 32;

  private final String name;
  private final Shape input;
  private final long[] columns;
  private final int batch;
  private final Filler<S> filler;
  private final Reader<S, A> reader;

  /**
   * A function that fills the input of one face.
   *
   * @param <S> the type of a crop
   */
  @FunctionalInterface
  interface Filler<S> {
    /**
     * Fills the input.
     *
     * @param crop the crop
     * @param input receives the floats of one face, from index 0
     */
    void fill(S crop, FloatBuffer input);
  }

  /**
   * A function that reads the row of one face.
   *
   * @param <S> the type of a crop
   * @param <A> the type of a result
   */
  @FunctionalInterface
  interface Reader<S, A> {
    /**
     * Reads the row.
     *
     * @param row the numbers, all finite, those of each output after those of the one before; the
     *     reader may keep the array
     * @param crop the crop that was the input of the network
     * @return the result
     * @throws IllegalArgumentException if the numbers are not a valid result
     * @throws EmbeddingException if the numbers are not an embedding
     */
    A read(float[] row, S crop);
  }

  /**
   * Creates a translator.
   *
   * @param name the name of the network, for messages
   * @param graph the network, whose batch axis determines the number of faces in one run
   * @param input the shape of its input for one face, without the batch axis
   * @param columns the numbers that each of its outputs has for a face, {@link Value#FREE} for any
   * @param filler fills the input of a face
   * @param reader reads the row of a face
   */
  RowTranslator(
      String name,
      OnnxGraph graph,
      Shape input,
      long[] columns,
      Filler<S> filler,
      Reader<S, A> reader) {
    this.name = name;
    this.input = input;
    this.columns = columns;
    this.batch = graph.inputs().get(0).dimension(0) == Value.FREE ? MAX_BATCH : 1;
    this.filler = filler;
    this.reader = reader;
  }

  /** Refuses a network that cannot run on a single face or image. */
  static void checkBatch(OnnxGraph graph, String file) {
    Value input = graph.inputs().get(0);
    if (!input.accepts(0, 1)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected a batch axis of 1 or a free one, found %s in %s: export it with a free batch axis",
              input,
              file));
    }
  }

  /**
   * Returns the side of the network's square input.
   *
   * @return the side in pixels
   */
  public int side() {
    return Math.toIntExact(input.get(1));
  }

  /**
   * Runs a network on any number of crops, in as few runs as its batch axis allows.
   *
   * @return the results in the order of the crops, an immutable list
   */
  List<A> run(OnnxModel model, List<S> crops) {
    List<A> answers = new ArrayList<>(crops.size());
    for (int from = 0; from < crops.size(); from += batch) {
      int to = Math.min(from + batch, crops.size());
      answers.addAll(model.run(this, crops.subList(from, to)));
    }
    return List.copyOf(answers);
  }

  @Override
  protected Shape shape(List<S> crops) {
    return new Shape(crops.size()).addAll(input);
  }

  @Override
  protected void fill(List<S> crops, FloatBuffer inputs) {
    int floats = Math.toIntExact(input.size());
    for (int i = 0; i < crops.size(); i++) {
      filler.fill(crops.get(i), inputs.slice(i * floats, floats));
    }
  }

  @Override
  protected List<A> read(NDList outputs, List<S> crops) {
    int[] widths = widths(outputs, crops.size());
    List<FloatBuffer> rows = outputs.stream().map(TensorBuffers::floats).toList();
    List<A> answers = new ArrayList<>(crops.size());
    for (S crop : crops) {
      float[] row = new float[Arrays.stream(widths).sum()];
      int at = 0;
      for (int i = 0; i < widths.length; i++) {
        rows.get(i).get(row, at, widths[i]);
        at += widths[i];
      }
      answers.add(read(row, crop));
    }
    return answers;
  }

  /** Returns how many numbers each output has for a face. */
  private int[] widths(NDList outputs, int faces) {
    int[] widths = new int[columns.length];
    boolean fits = outputs.size() == columns.length;
    for (int i = 0; fits && i < columns.length; i++) {
      Shape shape = outputs.get(i).getShape();
      long width = columns[i] == Value.FREE && shape.dimension() == 2 ? shape.get(1) : columns[i];
      fits = shape.size() == faces * width;
      widths[i] = Math.toIntExact(width);
    }
    if (!fits) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected %s for each of %d faces from %s, found %s: check that the file is a network of this kind",
              Arrays.stream(columns)
                  .mapToObj(width -> width == Value.FREE ? "a row" : width + " numbers")
                  .collect(Collectors.joining(", ")),
              faces,
              name,
              outputs.stream()
                  .map(output -> Arrays.toString(output.getShape().getShape()))
                  .collect(Collectors.joining(", ", "outputs of the shapes ", ""))));
    }
    return widths;
  }

  private A read(float[] row, S crop) {
    try {
      for (float number : row) {
        if (!Float.isFinite(number)) {
          throw new IllegalArgumentException("expected a finite number");
        }
      }
      return reader.read(row, crop);
    } catch (IllegalArgumentException | EmbeddingException e) {
      // The numbers themselves may be biometric data.
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "the outputs of %s do not describe a face: its weights are damaged, or it is another kind of network",
              name));
    }
  }
}
