// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.matcher;

import io.omote.face.BoundingBox;
import io.omote.face.EmbeddingException;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import io.omote.face.ImageException;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.Orientation;
import io.omote.face.SelectedFace;
import io.omote.face.internal.call.CallGuard;
import io.omote.face.internal.call.PlatformCall;
import io.omote.face.internal.image.ImageDecoder;
import io.omote.face.internal.options.MatcherOptions;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A matcher that runs a detector and then an embedder. Thread-safe.
 *
 * <p>Two images are embedded in parallel if the options allow it and the turn of another call is
 * free. Otherwise they are embedded in turn, and the pixels of the first image are released before
 * the second is decoded. Memory is therefore bounded by the number of turns.
 */
public final class DefaultFaceMatcher implements FaceMatcher {
  private final FaceDetector detector;
  private final FaceEmbedder embedder;
  private final boolean ownsNetworks;
  private final boolean parallel;
  private final MatcherOptions options;
  private final double threshold;
  private final CallGuard guard;

  public DefaultFaceMatcher(
      FaceDetector detector,
      FaceEmbedder embedder,
      boolean ownsNetworks,
      boolean parallel,
      MatcherOptions options) {
    this.detector = detector;
    this.embedder = embedder;
    this.ownsNetworks = ownsNetworks;
    this.parallel = parallel;
    this.options = options;
    threshold = options.thresholdOr(embedder.threshold());
    guard = new CallGuard("matcher", options.network());
  }

  /** An image that is decoded once its call has a turn. */
  @FunctionalInterface
  private interface Image {
    FaceImage decode();
  }

  private Image image(Path file) {
    return () -> FaceImage.read(file, options.imageOptions());
  }

  private Image image(byte[] encoded) {
    return () -> FaceImage.read(encoded, options.imageOptions());
  }

  private Image image(InputStream stream) {
    return image(ImageDecoder.read(stream, options.imageOptions()));
  }

  @Override
  public FaceMatch compare(FaceImage first, FaceImage second) {
    return compare(new Side(1, () -> () -> first), new Side(2, () -> () -> second));
  }

  @Override
  public FaceMatch compare(Path first, Path second) {
    return compare(
        new Side(1, Optional.of(first), () -> image(first)),
        new Side(2, Optional.of(second), () -> image(second)));
  }

  @Override
  public FaceMatch compare(byte[] first, byte[] second) {
    return compare(new Side(1, () -> image(first)), new Side(2, () -> image(second)));
  }

  @Override
  public FaceMatch compare(InputStream first, InputStream second) {
    return compare(new Side(1, () -> image(first)), new Side(2, () -> image(second)));
  }

  /** The face that counts in an image, and its embedding. */
  private record Embedded(SelectedFace face, FaceEmbedding embedding) {}

  /**
   * One of two images.
   *
   * @param position the position of the image, 1 or 2
   * @param file the file of the image, if the caller gave a path
   * @param open takes the image from the caller
   */
  private record Side(int position, Optional<Path> file, Supplier<Image> open) {
    Side(int position, Supplier<Image> open) {
      this(position, Optional.empty(), open);
    }

    /** Runs work whose exceptions name this image. */
    private <T> T named(Supplier<T> work) {
      try {
        return work.get();
      } catch (ImageException e) {
        throw file.map(e::inFile).orElse(e).inImage(position);
      }
    }
  }

  private FaceMatch compare(Side first, Side second) {
    return guard.call(
        () -> {
          if (!parallel) {
            Embedded one = opened(first).get();
            return match(one, opened(second).get());
          }
          // This thread reads the streams, one after the other, before it takes a second
          // turn: a slow sender holds one turn rather than two.
          Supplier<Embedded> one = opened(first);
          Supplier<Embedded> other = openedSecond(second);
          return inParallel(one, other).orElseGet(() -> match(one.get(), other.get()));
        });
  }

  /**
   * Compares in parallel if the turn of another call is free. If the two images do not fit in
   * memory together, they may fit in turn: whether they are refused must not depend on other calls.
   */
  private Optional<FaceMatch> inParallel(Supplier<Embedded> one, Supplier<Embedded> other) {
    if (!guard.takeAnother()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PlatformCall.both(one, other, this::match));
    } catch (ImageException e) {
      if (!e.isForLackOfMemory()) {
        throw e;
      }
      return Optional.empty();
    } finally {
      guard.giveBack();
    }
  }

  /** Takes an image from the caller, and returns the work that embeds its face. */
  private Supplier<Embedded> opened(Side side) {
    Image image = side.named(side.open);
    return () -> side.named(() -> embedFace(image).orElseThrow(this::noFace));
  }

  private ImageException noFace() {
    return detector.orientation() == Orientation.UPRIGHT
        ? ImageException.noUprightFace()
        : ImageException.noFace();
  }

  /** Takes the second image, whose failure counts only if the first image has none. */
  private Supplier<Embedded> openedSecond(Side side) {
    try {
      return opened(side);
    } catch (ImageException e) {
      return () -> {
        throw e;
      };
    }
  }

  private FaceMatch match(Embedded one, Embedded other) {
    return match(one.embedding(), other.embedding()).withFaces(one.face(), other.face());
  }

  @Override
  public FaceMatch compare(FaceEmbedding first, FaceEmbedding second) {
    guard.requireOpen();
    requireOwnModel(first);
    requireOwnModel(second);
    return match(first, second);
  }

  private void requireOwnModel(FaceEmbedding embedding) {
    if (!embedding.modelId().equals(embedder.modelId())) {
      throw new EmbeddingException(
          String.format(
              Locale.ROOT,
              "expected an embedding of this matcher's model, %s, found one of %s: embed the face again with this model; a threshold does not apply to other models",
              embedder.modelId(),
              embedding.modelId()));
    }
  }

  private FaceMatch match(FaceEmbedding first, FaceEmbedding second) {
    return FaceMatch.of(first.similarity(second), threshold);
  }

  @Override
  public Optional<FaceEmbedding> embed(FaceImage image) {
    return guard.call(() -> embedFace(image).map(Embedded::embedding));
  }

  @Override
  public Optional<FaceEmbedding> embed(Path file) {
    return guard.call(() -> embedFace(image(file)).map(Embedded::embedding));
  }

  @Override
  public Optional<FaceEmbedding> embed(byte[] encoded) {
    return guard.call(() -> embedFace(image(encoded)).map(Embedded::embedding));
  }

  @Override
  public Optional<FaceEmbedding> embed(InputStream stream) {
    return guard.call(() -> embedFace(image(stream)).map(Embedded::embedding));
  }

  private Optional<Embedded> embedFace(FaceImage image) {
    return detector
        .detectOne(image, options.selection())
        .map(selected -> new Embedded(selected, embedder.embed(image, selected.face())));
  }

  private Optional<Embedded> embedFace(Image image) {
    return embedFace(image.decode());
  }

  /** Runs both networks once, on a gray image. */
  void warmUp() {
    FaceImage gray = FaceImage.ofBgr(new byte[3 * 64 * 64], 64, 64);
    detector.detect(gray);
    Landmarks template =
        new Landmarks(
            new Point(22, 30),
            new Point(42, 30),
            new Point(32, 41),
            new Point(24, 53),
            new Point(40, 53));
    embedder.embed(gray, new Face(new BoundingBox(10, 5, 54, 60), 1, Optional.of(template)));
  }

  @Override
  public double threshold() {
    return threshold;
  }

  @Override
  public String modelId() {
    return embedder.modelId();
  }

  @Override
  public void close() {
    guard.close(
        () -> {
          if (ownsNetworks) {
            close(detector, embedder);
          }
        });
  }

  static void close(FaceDetector detector, FaceEmbedder embedder) {
    try (detector) {
      embedder.close();
    }
  }
}
