// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cleanup of the folder that ONNX Runtime unpacks its libraries into, when the JVM exits.
 *
 * <p>ONNX Runtime registers the libraries for deletion, then their folder. The JVM deletes in
 * reverse order: the folder first, which fails because it is not empty yet. So this class registers
 * the libraries again, by another spelling of their names, and they are gone when the JVM reaches
 * the folder. It deletes nothing that ONNX Runtime would not delete, and nothing earlier.
 *
 * <p>The folder is in a private field, which is read by reflection. If that fails, an empty folder
 * remains.
 *
 * <p>Thread-safe: its only state is that of the process.
 */
final class LibraryFolder {
  private static final Logger log = LoggerFactory.getLogger(LibraryFolder.class);

  private LibraryFolder() {}

  /**
   * Deletes the folder when the JVM exits. Called after ONNX Runtime started or failed to start.
   */
  static void deleteAtTheEnd() {
    try {
      Class<?> runtime = Class.forName("ai.onnxruntime.OnnxRuntime");
      Field field = runtime.getDeclaredField("tempDirectory");
      field.setAccessible(true);
      Path folder = (Path) field.get(null);
      String[] names = folder == null ? null : folder.toFile().list();
      if (names != null) {
        for (String name : names) {
          new File(folder + File.separator + "." + File.separator + name).deleteOnExit();
        }
      }
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      log.debug(
          "an empty folder of ONNX Runtime remains in the temporary folder ({})", e.toString());
    }
  }
}
