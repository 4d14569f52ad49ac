// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.call;

import io.omote.face.Face;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.description.Normalization;
import io.omote.face.internal.options.NetworkOptions;
import java.util.List;
import java.util.Objects;

/** An embedder whose calls are guarded. Thread-safe. */
public final class GuardedEmbedder implements FaceEmbedder {
  private final FaceEmbedder embedder;
  private final CallGuard guard;

  public GuardedEmbedder(FaceEmbedder embedder, NetworkOptions network) {
    this.embedder = embedder;
    guard = new CallGuard("embedder", network);
  }

  @Override
  public List<FaceEmbedding> embed(FaceImage image, List<Face> faces) {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(faces, "faces");
    return guard.call(() -> embedder.embed(image, faces));
  }

  // No network runs, so this takes no turn.
  @Override
  public FaceImage align(FaceImage image, Face face) {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(face, "face");
    guard.requireOpen();
    return embedder.align(image, face);
  }

  @Override
  public List<FaceEmbedding> embedAligned(List<FaceImage> crops) {
    Objects.requireNonNull(crops, "crops");
    return guard.call(() -> embedder.embedAligned(crops));
  }

  @Override
  public String modelId() {
    return embedder.modelId();
  }

  @Override
  public Normalization normalization() {
    return embedder.normalization();
  }

  @Override
  public double threshold() {
    return embedder.threshold();
  }

  @Override
  public int cropSize() {
    return embedder.cropSize();
  }

  @Override
  public void close() {
    guard.close(embedder::close);
  }
}
