// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceModels;
import io.omote.face.description.ModelFile;
import io.omote.face.internal.engine.OnnxFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The embeddings of an evaluation on disk, so that a killed evaluation resumes where it stopped.
 *
 * <p>Embeddings are biometric data: the file exists only if the user requested it, only the user
 * can read it, and it identifies images by the SHA-256 of their content, not by name. There is one
 * file for each pair of models. Each embedding is appended as soon as it is computed: the length of
 * the record (4 bytes), the SHA-256 of the image (32), the binary form of the embedding (empty if
 * the image shows no face), a CRC-32C of both (4). A truncated or damaged record is dropped, and so
 * is everything after it.
 *
 * <p>Thread-safe; a second process is refused.
 */
final class EmbeddingStore implements AutoCloseable {
  private static final int KEY_BYTES = 32;
  private static final int MIN_RECORD = KEY_BYTES + Integer.BYTES;
  private static final int MAX_RECORD = 1 << 20;

  private final FileChannel channel;
  private final Map<String, Optional<FaceEmbedding>> embeddings = new ConcurrentHashMap<>();

  private EmbeddingStore(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Opens the file of the given models, or creates it.
   *
   * @param directory the folder of the file; created if it is missing
   * @param models the models
   * @return the store with the embeddings of earlier runs
   * @throws FaceException if another process has it open
   * @throws IOException if the file cannot be read or written
   */
  static EmbeddingStore open(Path directory, FaceModels models) throws IOException {
    Files.createDirectories(directory, permissions("rwx------"));
    Path file = directory.resolve("embeddings-" + fingerprint(models) + ".bin");
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            permissions("rw-------"));
    try {
      lock(channel, directory);
      EmbeddingStore store = new EmbeddingStore(channel);
      store.load();
      return store;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void lock(FileChannel channel, Path directory) throws IOException {
    boolean locked;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      locked = false;
    }
    if (!locked) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "%s is in use by another evaluation of these models: wait for it, or use another folder",
              directory));
    }
  }

  private static FileAttribute<?>[] permissions(String posix) {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(posix))
    };
  }

  /** Refuses models whose embeddings another model could not be compared with. */
  static void requireModel(FaceModels models, String modelId) {
    String found =
        models
            .embedder()
            .modelId()
            .orElseGet(() -> OnnxFile.read(models.embedder().file()).modelId());
    if (!found.equals(modelId)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected the models of the matcher for the work folder, with the recognizer %s, found %s",
              modelId,
              found));
    }
  }

  /** Identifies the models by all that changes an embedding: files and normalization. */
  private static String fingerprint(FaceModels models) {
    MessageDigest digest = sha256();
    for (ModelFile file : models.detector().files()) {
      update(digest, file);
    }
    update(digest, models.embedder().file());
    String declared =
        String.format(
            Locale.ROOT, "%s %s", models.embedder().modelId(), models.embedder().normalization());
    digest.update(declared.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /** Includes the files that hold external weights of the model. */
  private static void update(MessageDigest digest, ModelFile file) {
    String sha256 = OnnxFile.read(file.withTinyWeightsKept()).sha256();
    digest.update(sha256.getBytes(StandardCharsets.US_ASCII));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns the key of an image. */
  static String key(Path image) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(image)) {
      new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void load() throws IOException {
    long end = 0;
    for (ByteBuffer record = readAt(end); record != null; record = readAt(end)) {
      byte[] key = new byte[KEY_BYTES];
      record.get(key);
      byte[] embedding = new byte[record.remaining() - Integer.BYTES];
      record.get(embedding);
      embeddings.put(
          HexFormat.of().formatHex(key),
          embedding.length == 0
              ? Optional.empty()
              : Optional.of(FaceEmbedding.fromBytes(embedding)));
      end += Integer.BYTES + record.capacity();
    }
    channel.truncate(end);
    channel.position(end);
  }

  /** Reads a record without its length; null at the end, or if it is truncated or damaged. */
  private @Nullable ByteBuffer readAt(long position) throws IOException {
    ByteBuffer length = read(position, Integer.BYTES);
    if (length == null) {
      return null;
    }
    int bytes = length.getInt();
    if (bytes < MIN_RECORD || bytes > MAX_RECORD) {
      return null;
    }
    ByteBuffer record = read(position + Integer.BYTES, bytes);
    if (record == null || checksum(record.array()) != record.getInt(bytes - Integer.BYTES)) {
      return null;
    }
    return record;
  }

  private @Nullable ByteBuffer read(long position, int bytes) throws IOException {
    if (position + bytes > channel.size()) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      channel.read(buffer, position + buffer.position());
    }
    return buffer.flip();
  }

  /** Computes the checksum of all but the last four bytes, which store it. */
  private static int checksum(byte[] record) {
    CRC32C checksum = new CRC32C();
    checksum.update(record, 0, record.length - Integer.BYTES);
    return (int) checksum.getValue();
  }

  /** Returns the embedding of an image: null if unknown, empty if the image shows no face. */
  @Nullable Optional<FaceEmbedding> find(String key) {
    return embeddings.get(key);
  }

  synchronized void add(String key, Optional<FaceEmbedding> embedding) throws IOException {
    byte[] vector = embedding.map(FaceEmbedding::toBytes).orElse(new byte[0]);
    ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + MIN_RECORD + vector.length);
    out.putInt(MIN_RECORD + vector.length).put(HexFormat.of().parseHex(key)).put(vector);
    out.putInt(checksum(Arrays.copyOfRange(out.array(), Integer.BYTES, out.capacity())));
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    embeddings.put(key, embedding);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
