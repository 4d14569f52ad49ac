// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineProvider;
import ai.djl.onnxruntime.engine.OrtEngineProvider;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.omote.face.DeviceUnavailableException;
import io.omote.face.ModelException;
import io.omote.face.internal.options.NetworkOptions;
import java.lang.reflect.Field;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DJL's ONNX Runtime engine, started once, regardless of the thread, class loader and packaging of
 * the first caller.
 *
 * <p>Thread-safe: its only state is that of the process.
 */
final class OnnxEngine {
  private static final Logger log = LoggerFactory.getLogger(OnnxEngine.class);

  private static final String UNPACK =
      "check that the README lists this platform, that the jars of the application have its"
          + " libraries, and that libraries can be written to and loaded from the temporary folder"
          + " (-Djava.io.tmpdir), or unpack them beforehand into a folder from which they can be"
          + " loaded (-D"
          + NativeFolder.PROPERTY
          + ")";

  private OnnxEngine() {}

  /** The engine, or the reason why it did not start: DJL tries once for each class loader. */
  private static final class Start {
    private static final @Nullable Engine ENGINE;
    private static final @Nullable Throwable FAILURE;

    static {
      // Otherwise DJL reports each start to its authors.
      setIfUnset("OPT_OUT_TRACKING", "true");
      // Otherwise DJL starts a second engine, if there is one, for array operations unused here.
      setIfUnset("ai.djl.onnx.disable_alternative", "true");
      Engine engine = null;
      Throwable failure = null;
      ClassLoader before = useOwnLoader();
      try {
        // DJL looks for engines once, when its first class is initialized, through the context
        // class loader of the thread that happens to be first. A jar may lack the service file, or
        // the application may have been first with another loader: so the engine is registered.
        EngineProvider provider = new OrtEngineProvider();
        Engine.registerEngine(provider);
        NativeFolder.get().ifPresent(UnpackedRuntime::start);
        engine = provider.getEngine();
        EnvironmentPin.hold();
        avoidTryingCuda(engine);
      } catch (RuntimeException | LinkageError | ServiceConfigurationError | AssertionError e) {
        failure = e;
      } finally {
        Thread.currentThread().setContextClassLoader(before);
        LibraryFolder.deleteAtTheEnd();
      }
      ENGINE = engine;
      FAILURE = failure;
    }

    private Start() {}

    private static void setIfUnset(String property, String value) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, value);
      }
    }

    /**
     * Sets DJL's default device in a build without CUDA. DJL finds the device by trying CUDA, and
     * logs a warning if that fails, as it always does in such a build. The device is in a private
     * field; if a version of DJL has no such field, DJL tries and warns.
     */
    private static void avoidTryingCuda(Engine engine) {
      if (OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
        return;
      }
      try {
        Field device = Engine.class.getDeclaredField("defaultDevice");
        device.setAccessible(true);
        if (device.get(engine) == null) {
          device.set(engine, Device.cpu());
        }
      } catch (ReflectiveOperationException | RuntimeException e) {
        log.debug("this version of DJL tries CUDA when it starts ({})", e.toString());
      }
    }

    static Engine engine() {
      if (ENGINE == null) {
        throw notStarted(Objects.requireNonNull(FAILURE));
      }
      return ENGINE;
    }
  }

  /**
   * Makes this library's class loader the context class loader of this thread, because DJL uses the
   * context class loader, which belongs to the host, to look for optional parts.
   *
   * @return the previous one, which the caller must restore
   */
  static @Nullable ClassLoader useOwnLoader() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(OnnxEngine.class.getClassLoader());
    return before;
  }

  /**
   * Creates a DJL model without a network.
   *
   * @param name its name
   * @param device the device that it runs on
   * @return the model; the caller must close it
   * @throws ModelException if ONNX Runtime cannot be started
   * @throws DeviceUnavailableException if it cannot use the device
   */
  static Model newModel(String name, io.omote.face.Device device) {
    Engine engine = Start.engine();
    return engine.newModel(name, usable(device));
  }

  private static ModelException notStarted(Throwable failure) {
    return NativeFailure.of(
        "ONNX Runtime could not be started through DJL", failure, OnnxEngine::remedy, UNPACK);
  }

  private static Optional<String> remedy(Throwable root) {
    String message = String.valueOf(root.getMessage());
    if (message.contains("OrtEnvironment")) {
      return Optional.of(
          "another library of this process created an OrtEnvironment first; open a detector or call"
              + " FaceDetector.create before it does");
    }
    if (message.contains("Unknown default engine")) {
      return Optional.of(
          "the default engine that is set for DJL is not on the class path; add it, or unset"
              + " DJL_DEFAULT_ENGINE and -Dai.djl.default_engine");
    }
    if (root instanceof ServiceConfigurationError) {
      return Optional.of(
          "a file META-INF/services/ai.djl.engine.EngineProvider names a class that is not on the"
              + " class path; add the jar of the class, or remove the file");
    }
    return Optional.empty();
  }

  /**
   * Creates the options of a session.
   *
   * @param network the device and threads
   * @return the options; the caller must close them after making the session
   */
  static SessionOptions options(NetworkOptions network) throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setIntraOpNumThreads(network.threads());
      // The networks are chains: running operators concurrently gains nothing.
      options.setInterOpNumThreads(1);
      // Spinning idle workers would slow down the threads of the other network.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // The file was checked as ONNX; its name or content must not select another format.
      options.addConfigEntry("session.load_model_format", "ONNX");
      // A memory plan for each size of input takes memory and saves no time.
      options.setMemoryPatternOptimization(false);
      // Files that declare output sizes for one input size cause warnings at any other.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      if (network.device().isGpu()) {
        options.addCUDA(network.device().gpuIndex());
      }
      return options;
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
  }

  /** Returns DJL's name of a device after a check that ONNX Runtime can use it. */
  private static Device usable(io.omote.face.Device device) {
    if (!device.isGpu()) {
      return Device.cpu();
    }
    try (SessionOptions probe = new SessionOptions()) {
      probe.addCUDA(device.gpuIndex());
      return Device.gpu(device.gpuIndex());
    } catch (OrtException e) {
      throw unavailable(device, e);
    }
  }

  static DeviceUnavailableException unavailable(io.omote.face.Device device, Exception cause) {
    return new DeviceUnavailableException(
        String.format(
            Locale.ROOT,
            "ONNX Runtime cannot use %s (%s): replace onnxruntime with com.microsoft.onnxruntime:onnxruntime_gpu and install its version of CUDA, or use Device.cpu()",
            device,
            cause.getMessage()),
        cause);
  }
}
