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
 * What a recognition network makes of a face: a vector of length 1, the length it had before, and
 * the id of the model it came from. Two faces are compared by the cosine of their embeddings.
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
   * Normalizes the output of a recognition network.
   *
   * @param modelId the id of the model
   * @param raw the output of the network for one face; it is copied
   * @return the embedding
   * @throws EmbeddingException if the vector is empty, has a number that is not finite, or a length
   *     of zero
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
   * Puts together what was stored apart. The numbers stay what they are: nothing is normalized.
   *
   * @param modelId the id of the model
   * @param norm what {@link #norm()} was
   * @param unit what {@link #toArray()} was; it is copied
   * @return the embedding
   * @throws EmbeddingException if the vector has not the length 1, or the norm is not positive
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
   * @param bytes what {@link #toBytes()} gave
   * @return the embedding
   * @throws EmbeddingException if the bytes are something else, damaged, or of a later version
   */
  public static FaceEmbedding fromBytes(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (in.getInt() != MAGIC) {
        throw new EmbeddingException("expected the binary form of an embedding, found other bytes");
      }
      byte version = in.get();
      if (version != VERSION) {
        throw new EmbeddingException(
            String.format(
                Locale.ROOT,
                "expected version %s of the binary form, found %s: it was written by another version of this library",
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
          "the binary form of the embedding is cut off after " + bytes.length + " bytes", e);
    }
  }

  /**
   * The binary form, version 1, big-endian: the magic {@code OMFE} (4 bytes), the version (1), the
   * length of the model id (2) and the id in UTF-8, the norm (float, 4), the dimension (4), the
   * unit vector (4 each), a CRC-32C of all before (4).
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
   * The cosine of the angle between two embeddings: the same number on every machine, in whichever
   * order the two are given, and in comparison and identification alike. Products are added in
   * double precision to four sums, those of each fourth component, and these in pairs.
   *
   * @param other an embedding of the same model
   * @return the cosine, in [-1, 1]
   * @throws EmbeddingException if the other is of another model
   */
  public double similarity(FaceEmbedding other) {
    requireSameModel(other);
    float[] a = unit;
    float[] b = other.unit;
    // Four sums, because one would wait for itself; the order of addition is part of the contract.
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
   * The Euclidean distance of the two unit vectors: 0 for equal ones, 2 for opposite ones. Its
   * square is {@code 2 - 2 * similarity}.
   *
   * @param other an embedding of the same model
   * @return the distance, in [0, 2]
   * @throws EmbeddingException if the other is of another model
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
   * The id of the model that made this.
   *
   * @return the id, as in {@code w600k_r50:4c06341c33c2}
   */
  public String modelId() {
    return modelId;
  }

  /**
   * The number of components.
   *
   * @return the dimension, 512 for the usual networks
   */
  public int dimension() {
    return unit.length;
  }

  /**
   * The length that the vector had before it was normalized.
   *
   * @return the L2 norm of the network's output
   */
  public float norm() {
    return norm;
  }

  /**
   * The vector of length 1.
   *
   * @return a copy of its components, {@link #dimension()} of them
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
   * Says the model and the dimension.
   *
   * @return a text without biometric data
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "FaceEmbedding[model=%s, dimension=%s]", modelId, unit.length);
  }
}
