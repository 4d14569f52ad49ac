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
import io.omote.face.internal.files.ImageFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Images with embeddings and the values of measures of quality. Four of six are made worse first,
 * by their place in the list, so that quality differs: blurred by 0.04 and 0.08 of the distance of
 * the eyes, shrunk until that is 12 and 8 pixels. Immutable and thread-safe.
 *
 * @param images by their index; empty where no face was found or the image cannot be read
 * @param unreadable how many cannot be read
 */
public record GradedImages(List<Optional<Graded>> images, int unreadable) {

  /**
   * An image.
   *
   * @param embedding of its largest face
   * @param qualities the value of each measure, higher is better
   */
  public record Graded(FaceEmbedding embedding, Map<String, Double> qualities) {}

  /** What grades images; opened and closed by the caller. */
  public record Networks(
      FaceDetector detector, FaceEmbedder embedder, List<FaceAnalyzer<FaceQuality>> qualities) {
    private Optional<Face> face(FaceImage image) {
      return detector.detectOne(image, FaceSelection.LARGEST).map(SelectedFace::face);
    }
  }

  /**
   * Grades each image.
   *
   * @param protocol the images
   * @param networks what grades them
   * @param complain takes the words about each image that cannot be read
   * @param step is called after each image
   * @return the images
   */
  public static GradedImages of(
      Protocol protocol, Networks networks, Consumer<String> complain, Runnable step) {
    List<Optional<Graded>> images = new ArrayList<>();
    int unreadable = 0;
    for (int image = 0; image < protocol.images().size(); image++) {
      try {
        images.add(grade(ImageFiles.read(protocol.path(image)), image, networks));
      } catch (ImageException e) {
        complain.accept(e.getMessage());
        images.add(Optional.empty());
        unreadable++;
      }
      step.run();
    }
    return new GradedImages(List.copyOf(images), unreadable);
  }

  private static Optional<Graded> grade(FaceImage original, int index, Networks networks) {
    try {
      Optional<Face> before = networks.face(original);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      FaceImage image =
          degraded(
              original,
              index,
              MeasuredQuality.of(original, before.get()).get(Property.INTER_EYE_DISTANCE));
      return networks.face(image).map(face -> grade(image, face, networks));
    } catch (AlignmentException e) {
      // A face whose landmarks fix no crop is as good as none.
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
    MeasuredQuality measured = MeasuredQuality.of(image, face);
    measured
        .values()
        .forEach(
            (property, value) ->
                qualities.put(
                    property.label(), property.higherIsBetter() ? value : -Math.abs(value)));
    return new Graded(networks.embedder().embed(image, face), qualities);
  }
}
