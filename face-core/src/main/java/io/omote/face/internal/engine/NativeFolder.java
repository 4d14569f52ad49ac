// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import io.omote.face.ModelException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The folder in which an operator has unpacked the native libraries beforehand. They are loaded
 * from there, and nothing is written anywhere.
 *
 * <p>Stateless and thread-safe.
 *
 * @hidden
 */
public final class NativeFolder {
  /** The system property that names the folder. */
  public static final String PROPERTY = "omote.native.path";

  private NativeFolder() {}

  /**
   * Says what to do about a library of the folder that cannot be loaded.
   *
   * @param failure why it cannot be
   * @return what to do, empty where that is not about the folder
   */
  public static Optional<String> remedy(Throwable failure) {
    if (!(failure instanceof UnsatisfiedLinkError) || get().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        String.valueOf(failure.getMessage()).contains("already loaded in another classloader")
            ? "only one class loader of a JVM can load a library from a folder: put this library and"
                + " what it needs into the shared loader, or leave -D"
                + PROPERTY
                + " out"
            : "unpack the libraries again that -D"
                + PROPERTY
                + " names the folder of, for this platform and from the jars in use, where programs"
                + " may be run");
  }

  /**
   * Returns the folder.
   *
   * @return the folder, empty where the libraries are unpacked into the temporary folder
   * @throws ModelException if the property is no path
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
              "expected in -D%s the path of a folder, found what is none in the character set of"
                  + " the process (%s): start the JVM with LC_ALL=C.UTF-8, or name the folder in"
                  + " ASCII",
              PROPERTY,
              e.getMessage()),
          e);
    }
  }

  /**
   * Looks a library up.
   *
   * @param folder the folder
   * @param name the library's name, without what the platform adds to it
   * @return its file
   * @throws ModelException if it is not there
   */
  public static Path require(Path folder, String name) {
    Path library = folder.resolve(System.mapLibraryName(name));
    if (!Files.isRegularFile(library)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected the library %s, because -D%s names its folder, found that it is not there:"
                  + " unpack the libraries of this platform from the jars of onnxruntime and opencv"
                  + " into the folder, or leave the property out",
              library,
              PROPERTY));
    }
    return library;
  }
}
