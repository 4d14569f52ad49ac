// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import io.omote.face.Landmarks.Point;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A detector and an embedder, one after the other. */
final class DefaultFaceMatcher implements FaceMatcher {
  /** Twice the input of the usual detector: its numbers hardly change, and faces stay large. */
  private static final int REDUCED_LONG_SIDE = 1280;

  /** The distance of the eyes in an aligned crop, as a share of its side. */
  private static final double EYES_APART = 35.2 / 112;

  private final FaceDetector detector;
  private final FaceEmbedder embedder;
  private final double threshold;
  private final FaceSelection selection;
  private final ImageOptions imageOptions;
  private final boolean reducedDecoding;
  private final AtomicInteger callsInFlight = new AtomicInteger();
  private volatile boolean closed;

  DefaultFaceMatcher(
      FaceDetector detector,
      FaceEmbedder embedder,
      double threshold,
      FaceSelection selection,
      ImageOptions imageOptions,
      boolean reducedDecoding) {
    this.detector = detector;
    this.embedder = embedder;
    this.threshold = threshold;
    this.selection = selection;
    this.imageOptions = imageOptions;
    this.reducedDecoding = reducedDecoding;
  }

  @Override
  public FaceMatch compare(FaceImage first, FaceImage second) {
    return compare(
        () -> require(() -> embed(first), "the first picture"),
        () -> require(() -> embed(second), "the second picture"));
  }

  @Override
  public FaceMatch compare(Path first, Path second) {
    return compare(
        () -> require(() -> embed(first), "the first picture, " + first),
        () -> require(() -> embed(second), "the second picture, " + second));
  }

  /** Embeds both side by side if a core is free, one after the other if all have work already. */
  private FaceMatch compare(Supplier<FaceEmbedding> first, Supplier<FaceEmbedding> second) {
    int calls = callsInFlight.incrementAndGet();
    try {
      if (calls >= Runtime.getRuntime().availableProcessors()) {
        return match(first.get(), second.get());
      }
      SideTask<FaceEmbedding> other = SideTask.start(second);
      try {
        return match(first.get(), other.join());
      } finally {
        // Where the first picture has no face, the second is not needed any more.
        other.cancel();
      }
    } finally {
      callsInFlight.decrementAndGet();
    }
  }

  private static FaceEmbedding require(Supplier<Optional<FaceEmbedding>> embed, String what) {
    try {
      return embed
          .get()
          .orElseThrow(
              () ->
                  new NoFaceException(
                      "expected a face in "
                          + what
                          + ", found none: use a picture in which the face is larger or turned to"
                          + " the camera, or lower the detector's score threshold"));
    } catch (SeveralFacesException e) {
      throw new SeveralFacesException("in " + what + ": " + e.getMessage(), e.count());
    }
  }

  @Override
  public FaceMatch compare(FaceEmbedding first, FaceEmbedding second) {
    requireOpen();
    requireOwnModel(first);
    requireOwnModel(second);
    return match(first, second);
  }

  private void requireOwnModel(FaceEmbedding embedding) {
    if (!embedding.modelId().equals(embedder.modelId())) {
      throw new EmbeddingMismatchException(
          "expected an embedding of this matcher's model, "
              + embedder.modelId()
              + ", found one of "
              + embedding.modelId()
              + ": embed the face again, a threshold of one model says nothing about another");
    }
  }

  private FaceMatch match(FaceEmbedding first, FaceEmbedding second) {
    return new FaceMatch(first.similarity(second), threshold);
  }

  @Override
  public Optional<FaceEmbedding> embed(FaceImage image) {
    requireOpen();
    return detector.detectOne(image, selection).map(face -> embedder.embed(image, face));
  }

  @Override
  public Optional<FaceEmbedding> embed(Path file) {
    requireOpen();
    int longSide = reducedDecoding ? REDUCED_LONG_SIDE : Integer.MAX_VALUE;
    ReducedImage reduced = Implementations.readReducedImage(file, imageOptions, longSide);
    if (reduced.reduction() == 1) {
      return embed(reduced.image());
    }
    Optional<Face> found = detector.detectOne(reduced.image(), selection);
    if (found.isPresent() && fillsCrop(found.get())) {
      return Optional.of(embedder.embed(reduced.image(), found.get()));
    }
    FaceImage full = FaceImage.read(file, imageOptions);
    return found
        .map(reduced::inFullPicture)
        .map(face -> embedder.embed(full, face))
        .or(() -> embed(full));
  }

  /** Whether a crop of the face takes no more pixels than the picture has. */
  private boolean fillsCrop(Face face) {
    Landmarks landmarks = face.landmarks().orElseThrow();
    double eyes =
        Math.hypot(
            landmarks.rightEye().x() - landmarks.leftEye().x(),
            landmarks.rightEye().y() - landmarks.leftEye().y());
    return eyes >= EYES_APART * embedder.cropSize();
  }

  /** Runs both networks once on nothing. */
  void warmUp() {
    FaceImage grey = FaceImage.ofBgr(new byte[3 * 64 * 64], 64, 64);
    detector.detect(grey);
    Landmarks template =
        new Landmarks(
            new Point(22, 30),
            new Point(42, 30),
            new Point(32, 41),
            new Point(24, 53),
            new Point(40, 53));
    embedder.embed(grey, new Face(new BoundingBox(10, 5, 54, 60), 1, Optional.of(template)));
  }

  @Override
  public double threshold() {
    return threshold;
  }

  @Override
  public String modelId() {
    return embedder.modelId();
  }

  private void requireOpen() {
    if (closed) {
      throw new ClosedException("expected an open matcher, found a closed one: make a new one");
    }
  }

  @Override
  public void close() {
    closed = true;
    detector.close();
    embedder.close();
  }
}
