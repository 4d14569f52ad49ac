// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.engine;

import io.omote.face.InterruptedCallException;
import io.omote.face.ModelException;
import io.omote.face.description.ModelFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An ONNX file that has been read, hashed and checked, ready to be opened as a session.
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
   * Reads a model file, and the external files that hold its weights.
   *
   * @param file the file
   * @return the file that was read
   * @throws ModelException if it is missing, is not an ONNX file, lacks weights, or does not have
   *     the declared hash
   */
  public static OnnxFile read(ModelFile file) {
    ByteBuffer bytes = bytes(file);
    OnnxReader reader = parse(file, bytes);
    ExternalData external = externalData(file, reader);
    String sha256 = sha256(bytes, external == null ? List.of() : external.files());
    if (file.sha256().isPresent() && !file.sha256().get().equals(sha256)) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected %s with SHA-256 %s, found %s%s: the file is damaged or a different one; download it again",
              file.name(),
              file.sha256().get(),
              sha256,
              external == null ? "" : " for it and the external files that hold its weights"));
    }
    byte[] content =
        external == null ? contentOf(file, bytes, reader) : contentWith(file, bytes, external);
    Path path = content == null ? onDisk(file).orElseThrow() : null;
    return new OnnxFile(file.name(), reader.graph(), sha256, path, content);
  }

  /**
   * Reads the graph of a model file, without its weights.
   *
   * @param file the file
   * @return the graph
   * @throws ModelException if it is missing or is not an ONNX file
   */
  public static OnnxGraph graph(ModelFile file) {
    return parse(file, bytes(file)).graph();
  }

  private static ByteBuffer bytes(ModelFile file) {
    try {
      Optional<Path> onDisk = onDisk(file);
      return onDisk.isPresent() ? map(onDisk.get()) : readAll(file);
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw missing(file, e);
    } catch (ClosedByInterruptException e) {
      throw interrupted(file, e);
    } catch (IOException | RuntimeException e) {
      // File system providers throw exceptions of all kinds, for example if theirs is closed.
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "the model file %s cannot be read (%s): check the file, its permissions and its file system",
              where(file),
              e),
          e);
    }
  }

  private static ModelException missing(ModelFile file, IOException cause) {
    String found = "no file: check the path";
    Path path = file.path().orElse(null);
    if (path != null && Files.isSymbolicLink(path)) {
      String target = linkTarget(path);
      found =
          target.contains("/annex/objects/")
              ? "a link of git-annex, not the file: run git annex get"
              : String.format(
                  Locale.ROOT, "a link to %s, which is missing: check the link", target);
    }
    return new ModelException(
        String.format(Locale.ROOT, "expected a model file at %s, found %s", where(file), found),
        cause);
  }

  private static String linkTarget(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "a file whose name is unknown";
    }
  }

  private static InterruptedCallException interrupted(ModelFile file, IOException cause) {
    return new InterruptedCallException(
        String.format(Locale.ROOT, "the thread was interrupted while it read %s", file.name()),
        cause);
  }

  private static OnnxReader parse(ModelFile file, ByteBuffer bytes) {
    try {
      return OnnxReader.read(bytes);
    } catch (IOException e) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected an ONNX file at %s, found %s",
              where(file),
              FileGuess.nameOf(bytes)
                  .orElse(
                      String.format(
                          Locale.ROOT,
                          "something else or a damaged file (%s): download the file again",
                          e.getMessage()))),
          e);
    }
  }

  /** Opens the files that hold weights of a model file. Null if it holds all weights itself. */
  private static @Nullable ExternalData externalData(ModelFile file, OnnxReader reader) {
    if (reader.isExternalElsewhere()) {
      throw incomplete(
          file, "tensors other than the weights of its graph are in other files", null);
    }
    if (reader.weights().external().isEmpty()) {
      return null;
    }
    Path path = onDisk(file).orElse(null);
    if (path == null) {
      throw incomplete(
          file, "its weights are in other files, but it is a resource or in an archive", null);
    }
    try {
      return ExternalData.open(path, reader.weights().external());
    } catch (ClosedByInterruptException e) {
      throw interrupted(file, e);
    } catch (IOException | RuntimeException e) {
      throw incomplete(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static ModelException incomplete(
      ModelFile file, String found, @Nullable Exception cause) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "the model file %s is incomplete, because %s: put the files together as they were, or save the model as one file with onnx.save_model(model, path, save_as_external_data=False)",
            where(file),
            found),
        cause);
  }

  /** Returns the content that a session is opened from, null if that is the file on disk. */
  private static byte @Nullable [] contentOf(ModelFile file, ByteBuffer bytes, OnnxReader reader) {
    byte[] changed = file.isTinyWeightsKept() ? null : reader.weights().withoutTiny(bytes);
    if (changed != null) {
      log.debug("{}: weights below {} in magnitude set to zero", file.name(), OnnxWeights.TINY);
      return changed;
    }
    if (onDisk(file).filter(OnnxFile::isNamedAlike).isPresent()) {
      return null;
    }
    if (bytes.hasArray()) {
      return bytes.array();
    }
    byte[] copy = new byte[bytes.limit()];
    bytes.get(0, copy);
    return copy;
  }

  private static byte[] contentWith(ModelFile file, ByteBuffer bytes, ExternalData external) {
    try {
      byte[] whole = external.inline(bytes);
      if (!file.isTinyWeightsKept()) {
        OnnxReader.read(ByteBuffer.wrap(whole)).weights().zeroTiny(whole);
      }
      return whole;
    } catch (IOException e) {
      throw incomplete(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static Object where(ModelFile file) {
    return file.path().map(Object.class::cast).orElse(file.name());
  }

  /** Returns the path if ONNX Runtime can open it, which knows only the default file system. */
  private static Optional<Path> onDisk(ModelFile file) {
    return file.path().filter(path -> path.getFileSystem() == FileSystems.getDefault());
  }

  /**
   * Returns whether a name means the same file to ONNX Runtime as to Java. ONNX Runtime receives
   * the name in JNI's modified UTF-8, which encodes supplementary characters differently. Java uses
   * the encoding of the platform, and keeps bytes of a listed name that are invalid in it.
   */
  private static boolean isNamedAlike(Path path) {
    String text = path.toAbsolutePath().toString();
    if (text.chars().allMatch(c -> c < 0x80)) {
      return true;
    }
    return "UTF-8".equals(System.getProperty("sun.jnu.encoding"))
        && text.chars().noneMatch(c -> Character.isSurrogate((char) c))
        && Path.of(text).equals(path.toAbsolutePath());
  }

  private static ByteBuffer map(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new IOException(
          attributes.isDirectory() ? "it is a folder" : "it is not a regular file");
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw new IOException("it is larger than 2 GB");
      }
      return channel.map(MapMode.READ_ONLY, 0, channel.size());
    }
  }

  private static ByteBuffer readAll(ModelFile file) throws IOException {
    try (InputStream stream = file.open()) {
      return ByteBuffer.wrap(stream.readAllBytes());
    }
  }

  private static String sha256(ByteBuffer bytes, Collection<ByteBuffer> others) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes.duplicate());
      others.forEach(other -> digest.update(other.duplicate()));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Returns the name of the file.
   *
   * @return the name, with its extension
   */
  public String name() {
    return name;
  }

  /**
   * Returns the graph.
   *
   * @return the graph
   */
  public OnnxGraph graph() {
    return graph;
  }

  /**
   * Returns the SHA-256 of the file as it is on disk, followed by the files that hold its weights,
   * in the order of their names.
   *
   * @return 64 lowercase hexadecimal digits
   */
  public String sha256() {
    return sha256;
  }

  /**
   * Returns the name of the file without its extension, and the first 12 digits of {@link
   * #sha256()}.
   *
   * @return the id
   */
  public String modelId() {
    String base = name.substring(name.lastIndexOf('/') + 1);
    String stem = base.endsWith(".onnx") ? base.substring(0, base.length() - 5) : base;
    return String.format(Locale.ROOT, "%s:%s", stem, sha256.substring(0, 12));
  }

  /**
   * Returns the path that the session is opened from.
   *
   * @return the path, empty if the content is held in memory
   */
  Optional<Path> path() {
    return Optional.ofNullable(path);
  }

  /**
   * Returns the content that the session is opened from if there is no path.
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
