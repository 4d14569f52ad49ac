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
 * <p>Thread-safe except for {@link #close}: releasing a session during a run crashes the process.
 * The guard of the detector, embedder or analyzer prevents that.
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
   * @param network the device and threads
   * @return the network; the caller must close it
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
   * @param network the device and threads
   * @return DJL's model; the caller must close it
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
              "ONNX Runtime cannot load %s (%s): the file is damaged or uses operators of a later version",
              file.name(),
              (e.getCause() == null ? e : e.getCause()).getMessage()),
          e);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /**
   * Makes the session here, because DJL's own loading looks for extensions of ONNX Runtime, logs
   * that there are none, and makes a temporary folder for a model in memory.
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
   * @param translator makes the network's input and reads its outputs
   * @param input the input of the translator
   * @param <I> the type of the translator's input
   * @param <O> the type of the result
   * @return the result
   * @throws ModelException if ONNX Runtime fails
   * @throws InterruptedCallException if the thread is interrupted
   */
  public <I, O> O run(Translator<I, O> translator, I input) {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedCallException("the thread was interrupted before it ran " + name);
    }
    // A predictor is not thread-safe but cheap, so that each run has its own.
    try (Predictor<I, O> predictor = new SilentPredictor<>(model, translator)) {
      return predictor.predict(input);
    } catch (TranslateException | EngineException e) {
      if (e.getCause() instanceof FaceException ours) {
        throw ours;
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ModelException(
          String.format(Locale.ROOT, "%s failed to run: %s", name, cause.getMessage()), e);
    }
  }

  /** A predictor without DJL's logging at the level TRACE, which includes the input: a face. */
  private static final class SilentPredictor<I, O> extends Predictor<I, O> {
    SilentPredictor(Model model, Translator<I, O> translator) {
      super(model, translator, model.getNDManager().getDevice(), false);
    }

    @Override
    protected NDList predictInternal(TranslatorContext context, NDList input) {
      return block.forward(parameterStore, input, false);
    }
  }

  /** Releases the network, which no call may be using. Must be called once. */
  @Override
  public void close() {
    model.close();
  }
}
