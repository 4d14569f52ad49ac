// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.onnxruntime.engine.OrtNDManager;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.omote.face.FaceException;
import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.internal.options.NetworkOptions;
import java.util.Locale;

/**
 * A network in native memory, run through DJL.
 *
 * <p>Safe for use by several threads at once, but for {@link #close}: releasing a session under a
 * running one ends the process. The guard of the detector or embedder that it belongs to sees to
 * that.
 *
 * @hidden
 */
public final class OnnxModel implements AutoCloseable {
  private final String name;
  private final Model model;

  private OnnxModel(String name, Model model) {
    this.name = name;
    this.model = model;
  }

  /**
   * Opens a session.
   *
   * @param file the file that was read
   * @param network how it is run
   * @return the network, to be closed
   * @throws ModelException if ONNX Runtime cannot load it
   * @throws io.omote.face.DeviceUnavailableException if the device cannot be used
   */
  public static OnnxModel open(OnnxFile file, NetworkOptions network) {
    return new OnnxModel(file.name(), openModel(file, network));
  }

  /**
   * Opens a session for use through DJL's own API, which does not guard its closing.
   *
   * @param file the file that was read
   * @param network how it is run
   * @return DJL's model, to be closed
   * @throws ModelException if ONNX Runtime cannot load it
   * @throws io.omote.face.DeviceUnavailableException if the device cannot be used
   */
  public static Model openModel(OnnxFile file, NetworkOptions network) {
    ClassLoader before = OnnxEngine.useOwnLoader();
    try {
      return openUnderOwnLoader(file, network);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static Model openUnderOwnLoader(OnnxFile file, NetworkOptions network) {
    Model model = OnnxEngine.newModel(file.name(), network.device());
    try {
      load(model, file, network);
      return model;
    } catch (OrtException | EngineException e) {
      model.close();
      if (network.device().isGpu()) {
        throw OnnxEngine.unavailable(network.device(), e);
      }
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected that ONNX Runtime loads %s, found that it cannot (%s): the file is damaged or uses operators of a later version",
              file.name(),
              (e.getCause() == null ? e : e.getCause()).getMessage()),
          e);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /**
   * Makes the session here, because DJL's own loading looks for extensions of ONNX Runtime, says in
   * the log that there are none, and makes a temporary folder for a model in memory.
   */
  private static void load(Model model, OnnxFile file, NetworkOptions network) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = OnnxEngine.options(network)) {
      OrtSession session =
          file.path().isPresent()
              ? environment.createSession(file.path().get().toAbsolutePath().toString(), options)
              : environment.createSession(file.content(), options);
      // The block belongs to the manager, which closes it with the model.
      model.setBlock(new OrtSymbolBlock(session, (OrtNDManager) model.getNDManager()));
    }
  }

  /**
   * Runs the network.
   *
   * @param translator makes the input and reads the output
   * @param input what it makes the input of
   * @param <I> the type of the input
   * @param <O> the type of the output
   * @return what it reads
   * @throws ModelException if ONNX Runtime fails
   * @throws InterruptedCallException if this thread was interrupted
   */
  public <I, O> O run(Translator<I, O> translator, I input) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedCallException("expected to run " + name + ", found an interrupt");
    }
    // A predictor is not thread-safe and costs next to nothing, so that each run has its own.
    try (Predictor<I, O> predictor = new SilentPredictor<>(model, translator)) {
      return predictor.predict(input);
    } catch (TranslateException | EngineException e) {
      if (e.getCause() instanceof FaceException ours) {
        throw ours;
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected that %s runs, found that it failed: %s",
              name,
              cause.getMessage()),
          e);
    }
  }

  /** Leaves out what DJL's own logs at the level TRACE: the input, which is a face. */
  private static final class SilentPredictor<I, O> extends Predictor<I, O> {
    SilentPredictor(Model model, Translator<I, O> translator) {
      super(model, translator, model.getNDManager().getDevice(), false);
    }

    @Override
    protected NDList predictInternal(TranslatorContext context, NDList input) {
      return block.forward(parameterStore, input, false);
    }
  }

  /** Releases the network, which no call may be using. To be called once. */
  @Override
  public void close() {
    model.close();
  }
}
