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
 * A detector and an embedder, one after the other. Safe for use by several threads at once.
 *
 * <p>Two images are embedded side by side where the options allow it and the turn of another call
 * is free. Otherwise they follow one another, and the first image's pixels are free before the
 * second is decoded: so memory is that of the turns, whatever the callers do.
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

  /** An image on its way into the matcher: decoded only once a call has its turn. */
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

  /** The face of an image that counts, and its embedding. */
  private record Embedded(SelectedFace face, FaceEmbedding embedding) {}

  /**
   * One image of two.
   *
   * @param position the image, 1 or 2
   * @param file its file, where it was given by path
   * @param open takes it from the caller
   */
  private record Side(int position, Optional<Path> file, Supplier<Image> open) {
    Side(int position, Supplier<Image> open) {
      this(position, Optional.empty(), open);
    }

    /** Says in each error of some work which image of two is at fault. */
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
          // Streams are read here, one after the other, by no other thread, and before another turn
          // is taken: a sender that takes its time holds one turn and not two.
          Supplier<Embedded> one = opened(first);
          Supplier<Embedded> other = openedSecond(second);
          return atOnce(one, other).orElseGet(() -> match(one.get(), other.get()));
        });
  }

  /**
   * Side by side, where the turn of another call is free and memory has room for both images. One
   * after the other they may fit all the same: what is refused must not depend on what others do.
   */
  private Optional<FaceMatch> atOnce(Supplier<Embedded> one, Supplier<Embedded> other) {
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

  /** Takes an image from the caller; its face is found and embedded when that is asked for. */
  private Supplier<Embedded> opened(Side side) {
    Image image = side.named(side.open);
    return () -> side.named(() -> embedFace(image).orElseThrow(ImageException::noFace));
  }

  /** Does so with the second image, whose fault counts only if the first has none. */
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
              "expected an embedding of this matcher's model, %s, found one of %s: embed the face again, a threshold of one model says nothing about another",
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

  /** Runs both networks once on nothing. */
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
