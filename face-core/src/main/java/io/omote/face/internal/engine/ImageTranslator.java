// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.nio.FloatBuffer;

/**
 * A DJL Translator for networks with one input that is filled from images. It owns the buffers of
 * the input. The Translator of a network says how large the input is, fills it, and reads the
 * outputs.
 *
 * <p>Holds no state of a call, so that several predictors can use it concurrently.
 *
 * @param <I> the type that the input is made from
 * @param <O> the type that the outputs become
 */
public abstract class ImageTranslator<I, O> implements NoBatchifyTranslator<I, O> {
  private static final String CALL = "omote.call";

  private final TensorBuffers buffers = new TensorBuffers();

  /** The state of one call between its input and its outputs. */
  private record Call(Object source, FloatBuffer input) {}

  /** Creates an empty pool of buffers. */
  protected ImageTranslator() {}

  /**
   * Returns the shape of the network's input.
   *
   * @param source what the input is made from
   * @return the shape
   */
  protected abstract Shape shape(I source);

  /**
   * Fills the network's input.
   *
   * @param source what the input is made from
   * @param input receives as many floats as the shape has, from index 0; it still holds those of an
   *     earlier call
   */
  protected abstract void fill(I source, FloatBuffer input);

  /**
   * Reads the outputs.
   *
   * @param outputs the outputs of the network
   * @param source what the input was made from
   * @return the result
   */
  protected abstract O read(NDList outputs, I source);

  @Override
  public final NDList processInput(TranslatorContext context, I source) {
    Shape shape = shape(source);
    FloatBuffer input = buffers.take(Math.toIntExact(shape.size()));
    try {
      fill(source, input);
      NDList inputs = new NDList(context.getNDManager().create(input, shape));
      context.setAttachment(CALL, new Call(source, input));
      return inputs;
    } catch (RuntimeException | Error e) {
      buffers.giveBack(input);
      throw e;
    }
  }

  @Override
  @SuppressWarnings("unchecked") // the source is the one that processInput received
  public final O processOutput(TranslatorContext context, NDList outputs) {
    Call call = (Call) context.getAttachment(CALL);
    // The run is over, and nothing reads the input anymore, even if reading the outputs fails.
    // Only a run that fails keeps its buffer, which is left to the garbage collector.
    buffers.giveBack(call.input());
    return read(outputs, (I) call.source());
  }
}
