// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An image is at fault: it cannot be read, is larger than allowed, or does not show the one face
 * that was asked for. Whoever gave the image can mend it, by giving another one.
 *
 * <p>{@link #reason()} says of which kind the fault is, for an answer by code; the message says it
 * in words. Immutable but for what every {@link Throwable} can change; safe to share.
 */
public final class ImageException extends FaceException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with an image. More may follow. */
  public enum Reason {
    /** There is no such file, or reading it failed. */
    UNREADABLE,
    /** The bytes are not those of a whole image: empty, cut off or damaged. */
    DAMAGED,
    /** It is no image, or one of a format that is not read. */
    UNSUPPORTED_FORMAT,
    /**
     * It exceeds a limit of {@link ImageOptions} (bytes, pixels, sides, scans or segments), or
     * memory has no room for it.
     */
    TOO_LARGE,
    /** It shows no face that the detector finds. */
    NO_FACE,
    /** It shows several faces where one was asked for ({@link FaceSelection#ONLY}). */
    SEVERAL_FACES
  }

  /** What is wrong. */
  private final Reason reason;

  /** What was expected. */
  private final String allowed;

  /** What was found. */
  private final String found;

  /** What to do about it. */
  private final String remedy;

  /** The number of faces, negative where none were looked for. */
  private final int faces;

  /** Which image of two, 0 where there is one. */
  private final int position;

  /** Files cannot be serialized; the message keeps the name. */
  private final transient @Nullable Path file;

  /**
   * Makes the exception; the message is put together from the parts.
   *
   * @param reason what is wrong
   * @param allowed what was expected, as in {@code an image of at most 100 pixels}
   * @param found what was found, as in {@code 20x30}
   * @param remedy what to do about it
   * @param cause what failed underneath, null where nothing did
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

  public static ImageException noFace() {
    return new ImageException(
        Reason.NO_FACE,
        "a face",
        "none",
        "use an image in which the face is larger or turned to the camera, or lower the"
            + " detector's score threshold",
        0,
        0,
        null,
        null);
  }

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
   * The same fault, of the image in a file.
   *
   * @param name the file
   * @return an exception whose message names it
   */
  public ImageException inFile(Path name) {
    return copy(position, name);
  }

  /** The same fault, of one of two images, 1 or 2. */
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
   * What is wrong.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * Whether memory had no room for the image beside what else was in it, such as other images: at
   * another time, or alone, it may have. An image that exceeds a limit, or that is larger than the
   * whole heap, is too large whenever it comes.
   *
   * @return true if it may be tried again
   */
  public boolean isForLackOfMemory() {
    return reason == Reason.TOO_LARGE && getCause() != null;
  }

  /**
   * Which of the two images of a comparison it is.
   *
   * @return 1 or 2, empty where the call was about one image
   */
  public OptionalInt position() {
    return position == 0 ? OptionalInt.empty() : OptionalInt.of(position);
  }

  /**
   * The image's file.
   *
   * @return the path as it was given, empty where the image was not given by path, and after the
   *     exception was serialized
   */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /**
   * What was expected, in words, with the limit that applies.
   *
   * @return as in {@code an image of at most 100000000 pixels and sides of at most 20000}
   */
  public String allowed() {
    return allowed;
  }

  /**
   * What was found, in words.
   *
   * @return as in {@code 30000x20000}
   */
  public String found() {
    return found;
  }

  /**
   * How many faces the image shows.
   *
   * @return 0 for {@link Reason#NO_FACE}, 2 or more for {@link Reason#SEVERAL_FACES}, empty for
   *     images in which no face was looked for
   */
  public OptionalInt faces() {
    return faces < 0 ? OptionalInt.empty() : OptionalInt.of(faces);
  }
}
