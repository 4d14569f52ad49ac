// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import ai.onnxruntime.OrtEnvironment;
import io.omote.face.ModelException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A start of ONNX Runtime from libraries in a folder.
 *
 * <p>ONNX Runtime can do this itself ({@code onnxruntime.native.path}), but first makes a temporary
 * folder, which remains empty, and fails on a read-only file system. So this class takes the same
 * steps without that one. They are private, so it calls them by reflection. If that fails, for
 * example with a version that is built differently, ONNX Runtime starts in its own way.
 *
 * <p>Thread-safe: its only state is that of the process.
 */
final class UnpackedRuntime {
  private static final Logger log = LoggerFactory.getLogger(UnpackedRuntime.class);

  private static final String[] LIBRARIES = {"onnxruntime", "onnxruntime4j_jni"};

  private UnpackedRuntime() {}

  /**
   * Starts ONNX Runtime. Must be called before anything else of ONNX Runtime.
   *
   * @param folder the folder of the libraries
   * @throws ModelException if a library is missing
   * @throws LinkageError if a library cannot be loaded
   */
  static void start(Path folder) {
    for (String library : LIBRARIES) {
      NativeFolder.require(folder, library);
    }
    try {
      Steps steps = new Steps();
      synchronized (steps.runtime) {
        if (!steps.loaded.getBoolean(null)) {
          steps.take(folder);
        }
      }
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (ModelException e) {
      throw e;
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("this version of ONNX Runtime starts in its own way ({})", e.toString());
      System.setProperty("onnxruntime.native.path", folder.toString());
    }
  }

  /** The steps of {@code OnnxRuntime.init}. All members are looked up before any step is taken. */
  private static final class Steps {
    private final Class<?> runtime =
        Class.forName("ai.onnxruntime.OnnxRuntime", true, OrtEnvironment.class.getClassLoader());

    private final int version = field("ORT_API_VERSION_23").getInt(null);
    private final Field libraries = field("libraryDirPathProperty");
    private final Field temporary = field("tempDirectory");
    private final Field api = field("ortApiHandle");
    private final Field trainingApi = field("ortTrainingApiHandle");
    private final Field compileApi = field("ortCompileApiHandle");
    private final Field trains = field("trainingEnabled");
    private final Field providers = field("providers");
    private final Field versionText = field("version");
    private final Field loaded = field("loaded");
    private final Method load = method("load", String.class);
    private final Method makeApi = method("initialiseAPIBase", int.class);
    private final Method makeTrainingApi =
        method("initialiseTrainingAPIBase", long.class, int.class);
    private final Method makeCompileApi = method("initialiseCompileAPIBase", long.class);
    private final Method makeProviders = method("initialiseProviders", long.class);
    private final Method makeVersion = method("initialiseVersion");

    Steps() throws ReflectiveOperationException {}

    private Field field(String name) throws NoSuchFieldException {
      Field field = runtime.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    }

    private Method method(String name, Class<?>... parameters) throws NoSuchMethodException {
      Method method = runtime.getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return method;
    }

    void take(Path folder) throws ReflectiveOperationException {
      libraries.set(null, folder.toString());
      // ONNX Runtime looks for libraries of a GPU that are not in the folder in the jar, and must
      // not unpack them.
      temporary.set(null, folder.resolve("not-unpacked"));
      for (String library : LIBRARIES) {
        load.invoke(null, library);
      }
      long handle = (long) makeApi.invoke(null, version);
      if (handle == 0) {
        throw new ModelException(
            "the libraries of ONNX Runtime in "
                + folder
                + " do not have the version of its classes: unpack them again, from the jar that is"
                + " on the class path");
      }
      api.setLong(null, handle);
      long training = (long) makeTrainingApi.invoke(null, handle, version);
      trainingApi.setLong(null, training);
      compileApi.setLong(null, (long) makeCompileApi.invoke(null, handle));
      trains.setBoolean(null, training != 0);
      providers.set(null, makeProviders.invoke(null, handle));
      versionText.set(null, makeVersion.invoke(null));
      loaded.setBoolean(null, true);
    }
  }
}
