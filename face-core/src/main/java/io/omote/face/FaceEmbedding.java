// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * The embedding of a face: the recognizer's output as a vector of length 1, its original length,
 * and the id of the model. The similarity of two faces is the cosine of their embeddings.
 *
 * <pre>{@code
 * double similarity = embedding.similarity(FaceEmbedding.fromBytes(stored));
 * }</pre>
 *
 * <p>Embeddings are biometric data: {@link #toString()} shows none of the numbers. Immutable and
 * thread-safe.
 */
public final class FaceEmbedding {
  private static final int MAGIC = 0x4f4d4645; // "OMFE"
  private static final byte VERSION = 1;
  private static final int MAX_DIMENSION = 1 << 16;

  private final String modelId;
  private final float norm;
  private final float[] unit;

  private FaceEmbedding(String modelId, float norm, float[] unit) {
    this.modelId = modelId;
    this.norm = norm;
    this.unit = unit;
  }

  /**
   * Normalizes the output of a recognizer.
   *
   * @param modelId the id of the model
   * @param raw the output of the network for one face, which is copied
   * @return the embedding
   * @throws EmbeddingException if the vector is empty, contains a number that is not finite, or has
   *     a length of zero
   */
  public static FaceEmbedding ofRaw(String modelId, float[] raw) {
    Objects.requireNonNull(modelId, "modelId");
    if (raw.length == 0 || raw.length > MAX_DIMENSION) {
      throw new EmbeddingException(
          String.format(
              Locale.ROOT,
              "expected a vector of 1 to %s numbers, found %s",
              MAX_DIMENSION,
              raw.length));
    }
    double squares = 0;
    for (float x : raw) {
      squares += (double) x * x;
    }
    float norm = (float) Math.sqrt(squares);
    if (!Float.isFinite(norm) || norm < Float.MIN_NORMAL) {
      throw new EmbeddingException(
          "expected a vector of finite numbers that are not all zero: check the model's"
              + " normalization and that the file is not damaged");
    }
    float[] unit = new float[raw.length];
    double length = Math.sqrt(squares);
    for (int i = 0; i < raw.length; i++) {
      unit[i] = (float) (raw[i] / length);
    }
    return new FaceEmbedding(modelId, norm, unit);
  }

  /**
   * Returns an embedding of components that were stored separately. The numbers are kept exactly:
   * nothing is normalized.
   *
   * @param modelId the id of the model
   * @param norm the value of {@link #norm()}
   * @param unit the value of {@link #toArray()}, which is copied
   * @return the embedding
   * @throws EmbeddingException if the length of the vector is not 1, or the norm is not positive
   */
  public static FaceEmbedding ofUnit(String modelId, float norm, float[] unit) {
    Objects.requireNonNull(modelId, "modelId");
    return checked(modelId, norm, unit.clone());
  }

  private static FaceEmbedding checked(String modelId, float norm, float[] unit) {
    double squares = 0;
    for (float x : unit) {
      squares += (double) x * x;
    }
    if (!(Math.abs(squares - 1) < 1e-4) || !(norm >= Float.MIN_NORMAL) || Float.isInfinite(norm)) {
      throw new EmbeddingException("expected a vector of length 1 and a positive norm");
    }
    return new FaceEmbedding(modelId, norm, unit);
  }

  /**
   * Reads the binary form.
   *
   * @param bytes the bytes from {@link #toBytes()}
   * @return the embedding
   * @throws EmbeddingException if the bytes are not an embedding, are damaged, or were written by a
   *     later version
   */
  public static FaceEmbedding fromBytes(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (in.getInt() != MAGIC) {
        throw new EmbeddingException("the bytes are not the binary form of an embedding");
      }
      byte version = in.get();
      if (version != VERSION) {
        throw new EmbeddingException(
            String.format(
                Locale.ROOT,
                "expected version %s of the binary form, found %s: use a version of this library that supports it",
                VERSION,
                version));
      }
      CRC32C checksum = new CRC32C();
      checksum.update(bytes, 0, bytes.length - Integer.BYTES);
      if ((int) checksum.getValue() != in.getInt(bytes.length - Integer.BYTES)) {
        throw new EmbeddingException("the checksum is wrong: the bytes are damaged");
      }
      byte[] id = new byte[Short.toUnsignedInt(in.getShort())];
      in.get(id);
      float norm = in.getFloat();
      int dimension = in.getInt();
      if (dimension < 1
          || dimension > MAX_DIMENSION
          || in.remaining() != Float.BYTES * dimension + Integer.BYTES) {
        throw new EmbeddingException(
            String.format(
                Locale.ROOT,
                "expected %s bytes to hold the vector, found a dimension of %s",
                in.remaining(),
                dimension));
      }
      float[] unit = new float[dimension];
      in.asFloatBuffer().get(unit);
      return checked(new String(id, StandardCharsets.UTF_8), norm, unit);
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new EmbeddingException(
          "the binary form of the embedding is truncated after " + bytes.length + " bytes", e);
    }
  }

  /**
   * Returns the binary form, version 1, big-endian: the magic {@code OMFE} (4 bytes), the version
   * (1), the length of the model id (2) and the id in UTF-8, the norm (float, 4), the dimension
   * (4), the unit vector (4 per component), and a CRC-32C of all preceding bytes (4).
   *
   * @return the bytes, for {@link #fromBytes}
   */
  public byte[] toBytes() {
    byte[] id = modelId.getBytes(StandardCharsets.UTF_8);
    if (id.length > 0xffff) {
      throw new EmbeddingException(
          "expected a model id of at most 65535 bytes, found " + id.length);
    }
    int length = 4 + 1 + 2 + id.length + 4 + 4 + Float.BYTES * unit.length + 4;
    ByteBuffer out = ByteBuffer.allocate(length);
    out.putInt(MAGIC).put(VERSION).putShort((short) id.length).put(id);
    out.putFloat(norm).putInt(unit.length);
    for (float x : unit) {
      out.putFloat(x);
    }
    CRC32C checksum = new CRC32C();
    checksum.update(out.array(), 0, out.position());
    out.putInt((int) checksum.getValue());
    return out.array();
  }

  /**
   * Returns the cosine of the angle between two embeddings. The number is the same on every
   * machine, in either order of the two, and in verification and identification: products are added
   * in double precision to four sums, one for every fourth component, and the sums in pairs.
   *
   * @param other an embedding of the same model
   * @return the cosine, in [-1, 1]
   * @throws EmbeddingException if the other embedding comes from another model
   */
  public double similarity(FaceEmbedding other) {
    requireSameModel(other);
    float[] a = unit;
    float[] b = other.unit;
    // Four sums, so that additions do not wait for each other; their order is part of the contract.
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int fours = a.length & ~3;
    for (int i = 0; i < fours; i += 4) {
      sum0 += (double) a[i] * b[i];
      sum1 += (double) a[i + 1] * b[i + 1];
      sum2 += (double) a[i + 2] * b[i + 2];
      sum3 += (double) a[i + 3] * b[i + 3];
    }
    for (int i = fours; i < a.length; i++) {
      sum0 += (double) a[i] * b[i];
    }
    return Math.max(-1, Math.min(1, (sum0 + sum1) + (sum2 + sum3)));
  }

  /**
   * Returns the Euclidean distance between the two unit vectors, 0 if they are equal and 2 if they
   * are opposite. Its square is {@code 2 - 2 * similarity}.
   *
   * @param other an embedding of the same model
   * @return the distance, in [0, 2]
   * @throws EmbeddingException if the other embedding comes from another model
   */
  public double distance(FaceEmbedding other) {
    requireSameModel(other);
    double squares = 0;
    for (int i = 0; i < unit.length; i++) {
      double difference = (double) unit[i] - other.unit[i];
      squares += difference * difference;
    }
    return Math.min(2, Math.sqrt(squares));
  }

  private void requireSameModel(FaceEmbedding other) {
    if (!modelId.equals(other.modelId) || unit.length != other.unit.length) {
      throw new EmbeddingException(
          String.format(
              Locale.ROOT,
              "expected two embeddings of one model, found %s (%s) and %s (%s): embed both faces with the same model",
              modelId,
              unit.length,
              other.modelId,
              other.unit.length));
    }
  }

  /**
   * Returns the id of the model.
   *
   * @return the id, as in {@code w600k_r50:4c06341c33c2}
   */
  public String modelId() {
    return modelId;
  }

  /**
   * Returns the number of components.
   *
   * @return the dimension, 512 for most networks
   */
  public int dimension() {
    return unit.length;
  }

  /**
   * Returns the length of the vector before it was normalized.
   *
   * @return the L2 norm of the network's output
   */
  public float norm() {
    return norm;
  }

  /**
   * Returns the vector of length 1.
   *
   * @return a copy of the {@link #dimension()} components
   */
  public float[] toArray() {
    return unit.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FaceEmbedding embedding
        && modelId.equals(embedding.modelId)
        && Float.compare(norm, embedding.norm) == 0
        && Arrays.equals(unit, embedding.unit);
  }

  @Override
  public int hashCode() {
    return 31 * modelId.hashCode() + Arrays.hashCode(unit);
  }

  /**
   * Returns a description with the model and the dimension.
   *
   * @return the description, without biometric data
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "FaceEmbedding[model=%s, dimension=%s]", modelId, unit.length);
  }
}
