// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when an image cannot be used: it cannot be read, exceeds a limit, or does not show exactly
 * one face where one is required. The sender of the image can fix it by sending another one.
 *
 * <p>{@link #reason()} is for programs, the message for people. The fields are immutable, and the
 * exception is thread-safe as far as every {@link Throwable} is.
 */
public final class ImageException extends FaceException {
  private static final long serialVersionUID = 1L;

  /** The reasons why an image cannot be used. Later versions may add some. */
  public enum Reason {
    /** The file is missing, or reading it failed. */
    UNREADABLE,
    /** The image is empty, truncated or damaged. */
    DAMAGED,
    /**
     * It is not an image, or its format is not supported. If the dependency {@code
     * io.omote:face-opencv} would read it, the message says so.
     */
    UNSUPPORTED_FORMAT,
    /**
     * The image exceeds a limit of {@link ImageOptions} (bytes, pixels, sides, scans or segments),
     * or does not fit in memory.
     */
    TOO_LARGE,
    /** The detector finds no face in the image. */
    NO_FACE,
    /** The image shows several faces where one is required ({@link FaceSelection#ONLY}). */
    SEVERAL_FACES
  }

  /** The reason. */
  private final Reason reason;

  /** The expectation, in words. */
  private final String allowed;

  /** The finding, in words. */
  private final String found;

  /** The advice, in words. */
  private final String remedy;

  /** The number of faces, negative if no detector ran. */
  private final int faces;

  /** The position among two images, 0 if there is one. */
  private final int position;

  /** Not serializable; the message keeps the name. */
  private final transient @Nullable Path file;

  /**
   * Creates the exception, with a message made of the parts.
   *
   * @param reason the reason
   * @param allowed what was expected, as in {@code an image of at most 100 pixels}
   * @param found what was found, as in {@code 20x30}
   * @param remedy what to do
   * @param cause the underlying failure, or null
   */
  public ImageException(
      Reason reason, String allowed, String found, String remedy, @Nullable Throwable cause) {
    this(reason, allowed, found, remedy, -1, 0, null, cause);
  }

  private ImageException(
      Reason reason,
      String allowed,
      String found,
      String remedy,
      int faces,
      int position,
      @Nullable Path file,
      @Nullable Throwable cause) {
    super(
        String.format(
            Locale.ROOT,
            "%sexpected %s, found %s: %s",
            where(position, file),
            allowed,
            found,
            remedy),
        cause);
    this.reason = Objects.requireNonNull(reason, "reason");
    this.allowed = allowed;
    this.found = found;
    this.remedy = remedy;
    this.faces = faces;
    this.position = position;
    this.file = file;
  }

  private static String where(int position, @Nullable Path file) {
    if (position == 0) {
      return file == null ? "" : file + ": ";
    }
    String which =
        String.format(Locale.ROOT, "in the %s image", position == 1 ? "first" : "second");
    return file == null ? which + ": " : String.format(Locale.ROOT, "%s, %s: ", which, file);
  }

  /**
   * Returns the exception for an image without a face, in any position.
   *
   * @return the exception, of the reason {@link Reason#NO_FACE}
   */
  public static ImageException noFace() {
    return noFace("a face", "");
  }

  /**
   * Returns the exception for an image without an upright face, if the detector finds no others.
   *
   * @return the exception, of the reason {@link Reason#NO_FACE}
   */
  public static ImageException noUprightFace() {
    return noFace(
        "an upright face", "; if it lies, turn the image, or look for faces with Orientation.ANY");
  }

  private static ImageException noFace(String expected, String advice) {
    return new ImageException(
        Reason.NO_FACE,
        expected,
        "none",
        "use an image in which the face is larger or turned to the camera" + advice,
        0,
        0,
        null,
        null);
  }

  /**
   * Returns the exception for an image with several faces where one is required.
   *
   * @param count the number of faces
   * @return the exception, of the reason {@link Reason#SEVERAL_FACES}
   */
  public static ImageException severalFaces(int count) {
    return new ImageException(
        Reason.SEVERAL_FACES,
        "one face",
        Integer.toString(count),
        "crop the image, or choose another FaceSelection than ONLY",
        count,
        0,
        null,
        null);
  }

  /**
   * Returns the same exception for the image in a file.
   *
   * @param name the file
   * @return an exception whose message names the file
   */
  public ImageException inFile(Path name) {
    return copy(position, name);
  }

  /**
   * Returns the same exception for one of two images.
   *
   * @param which the position of the image, 1 or 2
   * @return an exception whose message names the position
   */
  public ImageException inImage(int which) {
    return copy(which, file);
  }

  private ImageException copy(int newPosition, @Nullable Path newFile) {
    ImageException copy =
        new ImageException(reason, allowed, found, remedy, faces, newPosition, newFile, getCause());
    copy.setStackTrace(getStackTrace());
    return copy;
  }

  /**
   * Returns the reason.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Returns whether the image did not fit in memory alongside other images. It may fit later, or
   * alone; an image that exceeds a limit, or the size of the whole heap, never does.
   *
   * @return true if another attempt may succeed
   */
  public boolean isForLackOfMemory() {
    return reason == Reason.TOO_LARGE && getCause() != null;
  }

  /**
   * Returns the position of the image in a comparison.
   *
   * @return 1 or 2, empty if the call had one image
   */
  public OptionalInt position() {
    return position == 0 ? OptionalInt.empty() : OptionalInt.of(position);
  }

  /**
   * Returns the file of the image.
   *
   * @return the path as the caller gave it; empty if the image was not given by path, or if the
   *     exception was serialized
   */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /**
   * Returns what was expected, in words, with the limit that applies.
   *
   * @return as in {@code an image of at most 100000000 pixels and sides of at most 20000}
   */
  public String allowed() {
    return allowed;
  }

  /**
   * Returns what was found, in words.
   *
   * @return as in {@code 30000x20000}
   */
  public String found() {
    return found;
  }

  /**
   * Returns the number of faces in the image.
   *
   * @return 0 for {@link Reason#NO_FACE}, 2 or more for {@link Reason#SEVERAL_FACES}, empty if no
   *     detector ran
   */
  public OptionalInt faces() {
    return faces < 0 ? OptionalInt.empty() : OptionalInt.of(faces);
  }
}
