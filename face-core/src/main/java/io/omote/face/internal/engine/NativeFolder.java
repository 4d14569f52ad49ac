// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import io.omote.face.ModelException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The folder into which the operator has unpacked the native libraries. They are loaded from there,
 * and nothing is written anywhere.
 *
 * <p>Stateless and thread-safe.
 */
public final class NativeFolder {
  /** The system property that names the folder. */
  public static final String PROPERTY = "omote.native.path";

  private NativeFolder() {}

  /**
   * Returns the advice for a library in the folder that could not be loaded.
   *
   * @param failure the cause
   * @return the advice, empty if the failure has nothing to do with the folder
   */
  public static Optional<String> remedy(Throwable failure) {
    if (!(failure instanceof UnsatisfiedLinkError) || get().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        String.valueOf(failure.getMessage()).contains("already loaded in another classloader")
            ? "only one class loader of a JVM can load a library from a folder: put this library and"
                + " its dependencies into the shared loader, or remove -D"
                + PROPERTY
            : "unpack the libraries for this platform again, from the jars in use, into the folder of"
                + " -D"
                + PROPERTY
                + ", on a file system that allows execution");
  }

  /**
   * Returns the folder.
   *
   * @return the folder, empty if the libraries are unpacked into the temporary folder
   * @throws ModelException if the property is not a valid path
   */
  public static Optional<Path> get() {
    String folder = System.getProperty(PROPERTY);
    if (folder == null || folder.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(folder).toAbsolutePath());
    } catch (InvalidPathException e) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "the value of -D%s is not a valid path in the character set of the process (%s):"
                  + " start the JVM with LC_ALL=C.UTF-8, or use a folder whose name is in ASCII",
              PROPERTY,
              e.getMessage()),
          e);
    }
  }

  /**
   * Returns the file of a library.
   *
   * @param folder the folder
   * @param name the name of the library, without the prefix and suffix of the platform
   * @return its file
   * @throws ModelException if it is missing
   */
  public static Path require(Path folder, String name) {
    Path library = folder.resolve(System.mapLibraryName(name));
    if (!Files.isRegularFile(library)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "the library %s is missing from the folder of -D%s: unpack the libraries of this"
                  + " platform from the jars of onnxruntime and opencv into the folder, or remove"
                  + " the property",
              library,
              PROPERTY));
    }
    return library;
  }
}
