// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A picture is at fault: it cannot be read, is larger than allowed, or does not show the one face
 * that was asked for. Whoever gave the picture can mend it, by giving another one.
 *
 * <p>{@link #reason()} says of which kind the fault is, for an answer by code; the message says it
 * in words. Immutable but for what every {@link Throwable} can change; safe to share.
 */
public final class PictureException extends FaceException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with a picture. More may follow. */
  public enum Reason {
    /** There is no such file, or reading it failed. */
    UNREADABLE,
    /** The bytes are not those of a whole picture: empty, cut off or damaged. */
    DAMAGED,
    /** It is no picture, or one of a format that is not read. */
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

  /** Which picture of two, 0 where there is one. */
  private final int position;

  /** Files cannot be serialized; the message keeps the name. */
  private final transient @Nullable Path file;

  /**
   * Makes the exception; the message is put together from the parts.
   *
   * @param reason what is wrong
   * @param allowed what was expected, as in {@code a picture of at most 100 pixels}
   * @param found what was found, as in {@code 20x30}
   * @param remedy what to do about it
   * @param cause what failed underneath, null where nothing did
   */
  public PictureException(
      Reason reason, String allowed, String found, String remedy, @Nullable Throwable cause) {
    this(reason, allowed, found, remedy, -1, 0, null, cause);
  }

  private PictureException(
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
        String.format(Locale.ROOT, "in the %s picture", position == 1 ? "first" : "second");
    return file == null ? which + ": " : String.format(Locale.ROOT, "%s, %s: ", which, file);
  }

  static PictureException noFace() {
    return new PictureException(
        Reason.NO_FACE,
        "a face",
        "none",
        "use a picture in which the face is larger or turned to the camera, or lower the"
            + " detector's score threshold",
        0,
        0,
        null,
        null);
  }

  static PictureException severalFaces(int count) {
    return new PictureException(
        Reason.SEVERAL_FACES,
        "one face",
        Integer.toString(count),
        "crop the picture, or choose another FaceSelection than ONLY",
        count,
        0,
        null,
        null);
  }

  /**
   * The same fault, of the picture in a file.
   *
   * @param name the file
   * @return an exception whose message names it
   */
  public PictureException inFile(Path name) {
    return copy(position, name);
  }

  /** The same fault, of one of two pictures, 1 or 2. */
  PictureException inPicture(int which) {
    return copy(which, file);
  }

  private PictureException copy(int newPosition, @Nullable Path newFile) {
    PictureException copy =
        new PictureException(
            reason, allowed, found, remedy, faces, newPosition, newFile, getCause());
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
   * Which of the two pictures of a comparison it is.
   *
   * @return 1 or 2, empty where the call was about one picture
   */
  public OptionalInt position() {
    return position == 0 ? OptionalInt.empty() : OptionalInt.of(position);
  }

  /**
   * The picture's file.
   *
   * @return the path as it was given, empty where the picture was not given by path, and after the
   *     exception was serialized
   */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /**
   * What was expected, in words, with the limit that applies.
   *
   * @return as in {@code a picture of at most 100000000 pixels and sides of at most 20000}
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
   * How many faces the picture shows.
   *
   * @return 0 for {@link Reason#NO_FACE}, 2 or more for {@link Reason#SEVERAL_FACES}, empty for
   *     pictures in which no face was looked for
   */
  public OptionalInt faces() {
    return faces < 0 ? OptionalInt.empty() : OptionalInt.of(faces);
  }
}
