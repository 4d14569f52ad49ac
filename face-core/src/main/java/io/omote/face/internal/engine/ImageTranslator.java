// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import java.nio.FloatBuffer;

/**
 * DJL Translator for a network of one input that is filled from images. It owns the buffers of the
 * input: a network's own Translator says how large the input is, fills it, and reads the outputs.
 *
 * <p>Holds nothing of a call, so it is safe for use by several predictors at once.
 *
 * @param <I> what the input is made of
 * @param <O> what the outputs become
 * @hidden
 */
public abstract class ImageTranslator<I, O> implements NoBatchifyTranslator<I, O> {
  private static final String CALL = "omote.call";

  private final TensorBuffers buffers = new TensorBuffers();

  /** What one call needs again when the outputs are there. */
  private record Call(Object source, FloatBuffer input) {}

  /** Makes an empty pool of buffers. */
  protected ImageTranslator() {}

  /**
   * The shape of the network's input for what is to be looked at.
   *
   * @param source what the input is made of
   * @return the shape
   */
  protected abstract Shape shape(I source);

  /**
   * Fills the network's input.
   *
   * @param source what the input is made of
   * @param input takes as many floats as the shape has, from index 0 on; a former call's are in it
   */
  protected abstract void fill(I source, FloatBuffer input);

  /**
   * Reads the outputs.
   *
   * @param outputs the outputs of the network
   * @param source what the input was made of
   * @return what they say
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
  @SuppressWarnings("unchecked") // the source is what processInput was given
  public final O processOutput(TranslatorContext context, NDList outputs) {
    Call call = (Call) context.getAttachment(CALL);
    // The run is over, and nothing reads the input any more, also where reading the outputs fails.
    // Only a run that fails keeps its buffer, which is then left to the garbage collector.
    buffers.giveBack(call.input());
    return read(outputs, (I) call.source());
  }
}
