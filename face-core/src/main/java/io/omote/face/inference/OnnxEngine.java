// SPDX-License-Identifier: Apache-2.0
package io.omote.face.inference;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.omote.face.DeviceUnavailableException;
import io.omote.face.ModelLoadException;

/**
 * DJL's ONNX Runtime engine, configured before its first class loads.
 *
 * <p>Thread-safe: it has no state but that of the process.
 */
final class OnnxEngine {
  private static final String NAME = "OnnxRuntime";

  static {
    // DJL would otherwise tell its authors about each start.
    setIfUnset("OPT_OUT_TRACKING", "true");
    // And bring up a second engine, if the application has one, for array operations unused here.
    setIfUnset("ai.djl.onnx.disable_alternative", "true");
  }

  private OnnxEngine() {}

  private static void setIfUnset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Makes a DJL model without a network in it.
   *
   * @param name its name
   * @param device what it shall run on
   * @return the model, to be closed
   * @throws ModelLoadException if ONNX Runtime cannot be started
   * @throws DeviceUnavailableException if it cannot use the device
   */
  static Model newModel(String name, io.omote.face.Device device) {
    try {
      Engine.getEngine(NAME);
      EnvironmentPin.hold();
      return Model.newInstance(name, usable(device), NAME);
    } catch (IllegalStateException | LinkageError e) {
      throw new ModelLoadException(
          "expected to start ONNX Runtime through DJL, found that it cannot ("
              + rootMessage(e)
              + "): where another library of this process made an OrtEnvironment first, open a"
              + " detector or call FaceDetector.create before it does; otherwise check that this"
              + " platform is one of those that the README names, and that libraries can be written"
              + " to and loaded from the temporary folder (-Djava.io.tmpdir)",
          e);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }

  /**
   * Makes the options of a session.
   *
   * @param settings device and threads
   * @return the options, to be closed after the session was made
   */
  static SessionOptions options(SessionSettings settings) throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setIntraOpNumThreads(settings.threads());
      // The networks are chains: operators side by side gain nothing.
      options.setInterOpNumThreads(1);
      // Idle workers would spin, and slow down the other network's threads.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // A plan of memory for each size of input that ever came takes memory and saves no time.
      options.setMemoryPatternOptimization(false);
      // Files that declare the output sizes of one input size warn on each run at another.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
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
        "expected a usable "
            + device
            + ", found that ONNX Runtime cannot use it ("
            + cause.getMessage()
            + "): put com.microsoft.onnxruntime:onnxruntime_gpu in the place of onnxruntime and"
            + " install its CUDA, or choose Device.cpu()",
        cause);
  }
}
