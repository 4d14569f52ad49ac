// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import io.omote.face.ImageException;
import io.omote.face.SelectedFace;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.attribute.MeasuredQuality.Property;
import io.omote.face.evaluation.Protocol.Pair;
import io.omote.face.internal.files.ImageFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The embedding and the quality of each image of a protocol. Four of six images are degraded first,
 * by their place in the list, so that quality varies: blurred by 0.04 and 0.08 of the distance
 * between the eyes, or shrunk until that distance is 12 or 8 pixels.
 *
 * @param images the images by their index; empty if no face was found or the image is unreadable
 * @param unreadable the number of unreadable images
 */
record GradedImages(List<Optional<Graded>> images, int unreadable) {

  /**
   * An image.
   *
   * @param embedding the embedding of its largest face
   * @param qualities the value of each quality measure, higher is better
   */
  record Graded(FaceEmbedding embedding, Map<String, Double> qualities) {}

  /** The networks that grade images; the caller closes them. */
  record Networks(
      FaceDetector detector,
      FaceEmbedder embedder,
      List<? extends FaceAnalyzer<FaceQuality>> qualities) {
    private Optional<Face> face(FaceImage image) {
      return detector.detectOne(image, FaceSelection.LARGEST).map(SelectedFace::face);
    }
  }

  static GradedImages of(
      Protocol protocol, Networks networks, Runnable progress, Consumer<String> onUnreadable) {
    List<Optional<Graded>> images = new ArrayList<>();
    int unreadable = 0;
    for (int image = 0; image < protocol.images().size(); image++) {
      try {
        images.add(grade(ImageFiles.read(protocol.path(image)), image, networks));
      } catch (ImageException e) {
        onUnreadable.accept(e.getMessage());
        images.add(Optional.empty());
        unreadable++;
      }
      progress.run();
    }
    return new GradedImages(List.copyOf(images), unreadable);
  }

  private static Optional<Graded> grade(FaceImage original, int index, Networks networks) {
    try {
      Optional<Face> before = networks.face(original);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      double eyes = MeasuredQuality.of(original, before.get()).get(Property.INTER_EYE_DISTANCE);
      FaceImage image = degraded(original, index, eyes);
      return networks.face(image).map(face -> grade(image, face, networks));
    } catch (AlignmentException e) {
      // A face that cannot be aligned is treated like no face.
      return Optional.empty();
    }
  }

  private static FaceImage degraded(FaceImage image, int index, double eyes) {
    return switch (index % 6) {
      case 2 -> Degradation.blurred(image, 0.04 * eyes);
      case 3 -> Degradation.shrunk(image, Math.min(1, 12 / eyes));
      case 4 -> Degradation.blurred(image, 0.08 * eyes);
      case 5 -> Degradation.shrunk(image, Math.min(1, 8 / eyes));
      default -> image;
    };
  }

  private static Graded grade(FaceImage image, Face face, Networks networks) {
    Map<String, Double> qualities = new LinkedHashMap<>();
    for (FaceAnalyzer<FaceQuality> network : networks.qualities()) {
      FaceQuality quality = network.analyze(image, face);
      qualities.put(quality.modelId(), (double) quality.score());
    }
    MeasuredQuality.of(image, face)
        .values()
        .forEach(
            (property, value) ->
                qualities.put(
                    property.label(), property.higherIsBetter() ? value : -Math.abs(value)));
    return new Graded(networks.embedder().embed(image, face), qualities);
  }

  /**
   * Compares the mated pairs of images with a face.
   *
   * @return the characteristic of each quality measure, at least one
   */
  Map<String, ErrorVersusDiscard> compare(Protocol protocol) {
    Map<String, ErrorVersusDiscard.Builder> builders = new LinkedHashMap<>();
    for (Pair pair : protocol.pairs()) {
      Optional<Graded> first = images.get(pair.first());
      Optional<Graded> second = images.get(pair.second());
      if (pair.mated() && first.isPresent() && second.isPresent()) {
        add(builders, first.get(), second.get());
      }
    }
    if (builders.isEmpty()) {
      throw TooFewTrialsException.noMated();
    }
    Map<String, ErrorVersusDiscard> measures = new LinkedHashMap<>();
    builders.forEach((name, builder) -> measures.put(name, builder.build()));
    return measures;
  }

  private static void add(
      Map<String, ErrorVersusDiscard.Builder> builders, Graded first, Graded second) {
    double similarity = first.embedding().similarity(second.embedding());
    first
        .qualities()
        .forEach(
            (name, quality) ->
                builders
                    .computeIfAbsent(name, n -> ErrorVersusDiscard.builder())
                    .add(Math.min(quality, second.qualities().get(name)), similarity));
  }
}
