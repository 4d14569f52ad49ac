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
import java.util.ServiceConfigurationError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DJL's ONNX Runtime engine, started once, whatever thread, class loader and packaging it is asked
 * from.
 *
 * <p>Thread-safe: it has no state but that of the process.
 */
final class OnnxEngine {
  private static final Logger log = LoggerFactory.getLogger(OnnxEngine.class);

  private static final String UNPACK =
      "check that this platform is one of those that the README names, and that libraries can be"
          + " written to and loaded from the temporary folder (-Djava.io.tmpdir), or unpack them"
          + " beforehand into a folder from which they can be loaded (-D"
          + NativeFolder.PROPERTY
          + ")";

  private OnnxEngine() {}

  /** The engine, or why it cannot be started: DJL tries only once in the life of a class loader. */
  private static final class Start {
    private static final @Nullable Engine ENGINE;
    private static final @Nullable Throwable FAILURE;

    static {
      // DJL would otherwise tell its authors about each start.
      setIfUnset("OPT_OUT_TRACKING", "true");
      // And bring up a second engine, if the application has one, for array operations unused here.
      setIfUnset("ai.djl.onnx.disable_alternative", "true");
      Engine engine = null;
      Throwable failure = null;
      ClassLoader before = useOwnLoader();
      try {
        // DJL finds its engines when its first class is initialized, by the context class loader of
        // the thread that happens to come first, and never again. A jar may lack the service file,
        // or the application may have come first with another loader: so it is also told by hand.
        EngineProvider provider = new OrtEngineProvider();
        Engine.registerEngine(provider);
        NativeFolder.get().ifPresent(UnpackedRuntime::start);
        engine = provider.getEngine();
        EnvironmentPin.hold();
        spareTheTryOfCuda(engine);
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
     * DJL finds its default device by trying CUDA, and warns where that fails, which in a build
     * without CUDA it always does. So of such a build it is told the device that it would come to.
     * It keeps it in a private field; where there is none, it tries and warns.
     */
    private static void spareTheTryOfCuda(Engine engine) {
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
        log.debug("this version of DJL tries CUDA at its start ({})", e.toString());
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
   * Makes this library's class loader the context class loader of this thread, because DJL looks
   * for optional parts by whatever a host has set there.
   *
   * @return the one to set again afterwards
   */
  static @Nullable ClassLoader useOwnLoader() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(OnnxEngine.class.getClassLoader());
    return before;
  }

  /**
   * Makes a DJL model without a network in it.
   *
   * @param name its name
   * @param device what it shall run on
   * @return the model, to be closed
   * @throws ModelException if ONNX Runtime cannot be started
   * @throws DeviceUnavailableException if it cannot use the device
   */
  static Model newModel(String name, io.omote.face.Device device) {
    Engine engine = Start.engine();
    return engine.newModel(name, usable(device));
  }

  private static ModelException notStarted(Throwable failure) {
    if (failure instanceof ModelException known) {
      return new ModelException(known.getMessage(), known);
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected to start ONNX Runtime through DJL, found that it cannot (%s): %s",
            root,
            remedy(root)),
        failure);
  }

  private static String remedy(Throwable root) {
    if (root instanceof IllegalCallerException) {
      return "start the JVM with --enable-native-access=ALL-UNNAMED, on the module path with"
          + " --enable-native-access=com.microsoft.onnxruntime,opencv";
    }
    if (String.valueOf(root.getMessage()).contains("OrtEnvironment")) {
      return "another library of this process made an OrtEnvironment first; open a detector or call"
          + " FaceDetector.create before it does";
    }
    if (String.valueOf(root.getMessage()).contains("Unknown default engine")) {
      return "DJL was told to use by default an engine that is not on the class path; add it, or"
          + " unset DJL_DEFAULT_ENGINE and -Dai.djl.default_engine";
    }
    if (root instanceof ClassNotFoundException) {
      return "a jar is missing, or this Java runtime lacks a module: install a whole one, or add the"
          + " module to it (jlink --add-modules)";
    }
    if (root instanceof ServiceConfigurationError) {
      return "a file META-INF/services/ai.djl.engine.EngineProvider names a class that is not on the"
          + " class path; add what it is of, or take the file away";
    }
    return NativeFolder.remedy(root).orElse(UNPACK);
  }

  /**
   * Makes the options of a session.
   *
   * @param network device and threads
   * @return the options, to be closed after the session was made
   */
  static SessionOptions options(NetworkOptions network) throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setIntraOpNumThreads(network.threads());
      // The networks are chains: operators side by side gain nothing.
      options.setInterOpNumThreads(1);
      // Idle workers would spin, and slow down the other network's threads.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // The file was read as ONNX; another format must not be guessed from its name or content.
      options.addConfigEntry("session.load_model_format", "ONNX");
      // A plan of memory for each size of input that ever came takes memory and saves no time.
      options.setMemoryPatternOptimization(false);
      // Files that declare the output sizes of one input size warn on each run at another.
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

  /** DJL's name of a device, once ONNX Runtime has said that it can use it. */
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
            "expected a usable %s, found that ONNX Runtime cannot use it (%s): put com.microsoft.onnxruntime:onnxruntime_gpu in the place of onnxruntime and install its CUDA, or choose Device.cpu()",
            device,
            cause.getMessage()),
        cause);
  }
}
