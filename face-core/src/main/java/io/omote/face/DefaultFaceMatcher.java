// SPDX-License-Identifier: Apache-2.0
package io.omote.face;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** A detector and an embedder, one after the other. */
final class DefaultFaceMatcher implements FaceMatcher {
  private final FaceDetector detector;
  private final FaceEmbedder embedder;
  private final double threshold;
  private final FaceSelection selection;
  private final ImageOptions imageOptions;
  private volatile boolean closed;

  DefaultFaceMatcher(
      FaceDetector detector,
      FaceEmbedder embedder,
      double threshold,
      FaceSelection selection,
      ImageOptions imageOptions) {
    this.detector = detector;
    this.embedder = embedder;
    this.threshold = threshold;
    this.selection = selection;
    this.imageOptions = imageOptions;
  }

  @Override
  public FaceMatch compare(FaceImage first, FaceImage second) {
    return match(
        require(() -> embed(first), "the first picture"),
        require(() -> embed(second), "the second picture"));
  }

  @Override
  public FaceMatch compare(Path first, Path second) {
    return match(
        require(() -> embed(first), "the first picture, " + first),
        require(() -> embed(second), "the second picture, " + second));
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
    return embed(FaceImage.read(file, imageOptions));
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
