// SPDX-License-Identifier: Apache-2.0
package io.omote.face.description;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The location of one ONNX file: a file on disk, or a resource on the class path. Nothing is opened
 * until a detector, an embedder or an analyzer is created.
 *
 * <p>Immutable and thread-safe.
 */
public final class ModelFile {
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  private final String name;
  private final @Nullable Path path;
  private final @Nullable Class<?> owner;
  private final @Nullable String sha256;
  private final boolean tinyWeightsKept;

  private ModelFile(
      String name,
      @Nullable Path path,
      @Nullable Class<?> owner,
      @Nullable String sha256,
      boolean tinyWeightsKept) {
    this.name = name;
    this.path = path;
    this.owner = owner;
    this.sha256 = sha256;
    this.tinyWeightsKept = tinyWeightsKept;
  }

  /**
   * Describes a file on disk, together with the files in its folder that it names as holding its
   * weights (ONNX's external data).
   *
   * @param path the ONNX file
   * @return its description
   */
  public static ModelFile of(Path path) {
    return new ModelFile(fileName(path), path, null, null, false);
  }

  /**
   * Describes a file on disk that must have a known hash; any other content is refused.
   *
   * <p>If other files hold its weights, the hash is that of the ONNX file followed by those files
   * in the order of their names, as {@code cat net.onnx net.onnx.data | sha256sum} prints it.
   *
   * @param path the ONNX file
   * @param sha256 the SHA-256 of the file, 64 lower-case hexadecimal digits
   * @return its description
   * @throws IllegalArgumentException if the hash is not 64 lower-case hexadecimal digits
   */
  public static ModelFile of(Path path, String sha256) {
    return new ModelFile(fileName(path), path, null, checkedHash(sha256), false);
  }

  /**
   * Describes a resource on the class path that must have a known hash; any other content is
   * refused. The resource is read into memory; nothing is written to disk.
   *
   * @param owner a class in the same jar as the resource, whose class loader finds it. If the class
   *     is in a named module, the module must open the resource's package to {@code
   *     io.omote.face.core}
   * @param name the name of the resource, as for {@link Class#getResourceAsStream}
   * @param sha256 the SHA-256 of the resource, 64 lower-case hexadecimal digits
   * @return its description
   * @throws IllegalArgumentException if the hash is not 64 lower-case hexadecimal digits
   */
  public static ModelFile ofResource(Class<?> owner, String name, String sha256) {
    Objects.requireNonNull(owner, "owner");
    return new ModelFile(name, null, owner, checkedHash(sha256), false);
  }

  /**
   * Keeps the weights exactly as they are in the file. By default, weights below 1e-15 in magnitude
   * become zero in memory, because a CPU computes with them many times slower; this includes
   * weights in external files. Neither the files on disk nor the model id ever change.
   *
   * @return a copy with this change
   */
  public ModelFile withTinyWeightsKept() {
    return new ModelFile(name, path, owner, sha256, true);
  }

  private static String fileName(Path path) {
    Path last = Objects.requireNonNull(path, "path").getFileName();
    return (last == null ? path : last).toString();
  }

  private static String checkedHash(String sha256) {
    if (!SHA_256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "expected a SHA-256 of 64 lower-case hexadecimal digits, found '" + sha256 + "'");
    }
    return sha256;
  }

  /**
   * Returns the name of the file or resource.
   *
   * @return the name, with its extension
   */
  public String name() {
    return name;
  }

  /**
   * Returns the file on disk.
   *
   * @return the path, empty for a resource
   */
  public Optional<Path> path() {
    return Optional.ofNullable(path);
  }

  /**
   * Returns the hash that the bytes must have.
   *
   * @return 64 lower-case hexadecimal digits, empty where any content is accepted
   */
  public Optional<String> sha256() {
    return Optional.ofNullable(sha256);
  }

  /**
   * Returns whether the weights are kept exactly as they are in the file.
   *
   * @return true if weights too small to matter are kept
   */
  public boolean isTinyWeightsKept() {
    return tinyWeightsKept;
  }

  /**
   * Opens the file for reading. If other files hold the weights, the stream does not include them.
   *
   * @return the stream; the caller must close it
   * @throws IOException if the file or resource does not exist or cannot be read
   */
  public InputStream open() throws IOException {
    if (path != null) {
      try {
        return Files.newInputStream(path);
      } catch (RuntimeException e) {
        // File system providers throw exceptions of all kinds, for example if theirs is closed.
        throw new IOException(String.format(Locale.ROOT, "%s could not be read (%s)", path, e), e);
      }
    }
    InputStream stream = Objects.requireNonNull(owner).getResourceAsStream(name);
    if (stream == null) {
      throw new FileNotFoundException(
          String.format(Locale.ROOT, "the resource %s of %s is missing", name, owner));
    }
    return stream;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ModelFile file
        && name.equals(file.name)
        && Objects.equals(path, file.path)
        && Objects.equals(owner, file.owner)
        && Objects.equals(sha256, file.sha256)
        && tinyWeightsKept == file.tinyWeightsKept;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, path, owner, sha256, tinyWeightsKept);
  }

  @Override
  public String toString() {
    return "ModelFile[" + (path != null ? path : name) + "]";
  }
}
