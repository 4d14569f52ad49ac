// SPDX-License-Identifier: Apache-2.0
package io.omote.face.inference;

import io.omote.face.InterruptedCallException;
import io.omote.face.ModelFile;
import io.omote.face.ModelLoadException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ONNX file that was read, hashed and checked, ready to be opened as a session.
 *
 * <p>Immutable and thread-safe.
 */
public final class OnnxFile {
  private static final Logger log = LoggerFactory.getLogger(OnnxFile.class);

  private final String name;
  private final OnnxGraph graph;
  private final String sha256;
  private final @Nullable Path path;
  private final byte @Nullable [] content;

  private OnnxFile(
      String name, OnnxGraph graph, String sha256, @Nullable Path path, byte @Nullable [] content) {
    this.name = name;
    this.graph = graph;
    this.sha256 = sha256;
    this.path = path;
    this.content = content;
  }

  /**
   * Reads a model file.
   *
   * @param file where it is
   * @return what was read
   * @throws ModelLoadException if it is missing, is no ONNX file, or has another hash than declared
   */
  public static OnnxFile read(ModelFile file) {
    try {
      Path onDisk = file.path().filter(OnnxFile::isOnDisk).orElse(null);
      ByteBuffer bytes = onDisk != null ? map(onDisk) : readAll(file);
      String sha256 = sha256(bytes);
      if (file.sha256().isPresent() && !file.sha256().get().equals(sha256)) {
        throw new ModelLoadException(
            "expected "
                + file.name()
                + " with SHA-256 "
                + file.sha256().get()
                + ", found "
                + sha256
                + ": the file is damaged or another one; get it again");
      }
      OnnxReader reader = OnnxReader.read(bytes);
      byte[] content = file.isTinyWeightsKept() ? null : reader.withoutTinyWeights();
      if (content != null) {
        log.debug("{}: weights below {} in magnitude set to zero", file.name(), OnnxReader.TINY);
      } else if (onDisk == null) {
        content = bytes.array();
      }
      return new OnnxFile(
          file.name(), reader.graph(), sha256, content == null ? onDisk : null, content);
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new ModelLoadException(
          "expected a model file at " + where(file) + ", found none: check the path", e);
    } catch (ClosedByInterruptException e) {
      throw new InterruptedCallException(
          "expected to read " + file.name() + ", found an interrupt", e);
    } catch (IOException e) {
      throw new ModelLoadException(
          "expected an ONNX file at "
              + where(file)
              + ", found something else or a damaged file ("
              + e.getMessage()
              + "): get the file again",
          e);
    }
  }

  private static Object where(ModelFile file) {
    return file.path().map(Object.class::cast).orElse(file.name());
  }

  /** ONNX Runtime opens files by name, so those of another file system are read into memory. */
  private static boolean isOnDisk(Path path) {
    return path.getFileSystem() == FileSystems.getDefault();
  }

  private static ByteBuffer map(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new IOException("it has more than 2 GB");
      }
      return channel.map(MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private static ByteBuffer readAll(ModelFile file) throws IOException {
    try (InputStream stream = file.open()) {
      return ByteBuffer.wrap(stream.readAllBytes());
    }
  }

  private static String sha256(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes.duplicate());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The name of the file.
   *
   * @return the name, with its ending
   */
  public String name() {
    return name;
  }

  /**
   * What the file says of itself.
   *
   * @return the graph
   */
  public OnnxGraph graph() {
    return graph;
  }

  /**
   * The name of the file without its ending and the first 12 digits of the SHA-256 of the file as
   * it is on disk.
   *
   * @return the id
   */
  public String modelId() {
    String base = name.substring(name.lastIndexOf('/') + 1);
    String stem = base.endsWith(".onnx") ? base.substring(0, base.length() - 5) : base;
    return stem + ":" + sha256.substring(0, 12);
  }

  /**
   * Where the session is opened from.
   *
   * @return the path, empty where the content is held in memory
   */
  Optional<Path> path() {
    return Optional.ofNullable(path);
  }

  /**
   * What the session is opened from where there is no path.
   *
   * @return the content, not copied
   */
  byte[] content() {
    if (content == null) {
      throw new IllegalStateException("the content is on disk");
    }
    return content;
  }
}
