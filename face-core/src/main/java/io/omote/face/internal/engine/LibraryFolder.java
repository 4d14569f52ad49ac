// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the folder into which ONNX Runtime unpacks its libraries go with them at the end of the JVM.
 *
 * <p>ONNX Runtime asks the JVM to delete the libraries, then their folder. The JVM deletes in the
 * reverse order: the folder first, which fails because it is not empty yet. So the libraries are
 * registered once more, by another spelling of their names, and are gone when the folder's turn
 * comes. Nothing is deleted that ONNX Runtime would not delete, and nothing before the end.
 *
 * <p>Which folder it is, is private, so it is asked by reflection. Where that fails, an empty
 * folder stays.
 *
 * <p>Thread-safe: it has no state but that of the process.
 */
final class LibraryFolder {
  private static final Logger log = LoggerFactory.getLogger(LibraryFolder.class);

  private LibraryFolder() {}

  /** To be called once ONNX Runtime was started, or failed to. */
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
      log.debug("an empty folder of ONNX Runtime stays in the temporary folder ({})", e.toString());
    }
  }
}
