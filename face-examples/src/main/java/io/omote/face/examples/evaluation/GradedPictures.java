// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples.evaluation;

import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import io.omote.face.PictureException;
import io.omote.face.QualityMeasurement;
import io.omote.face.SelectedFace;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.attribute.QualityProperty;
import io.omote.face.examples.files.ImageFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Pictures with embeddings and the values of measures of quality. Four of six are made worse first,
 * by their place in the list, so that quality differs: blurred by 0.04 and 0.08 of the distance of
 * the eyes, shrunk until that is 12 and 8 pixels. Immutable and thread-safe.
 *
 * @param pictures by their index; empty where no face was found or the picture cannot be read
 * @param unreadable how many cannot be read
 */
public record GradedPictures(List<Optional<Graded>> pictures, int unreadable) {

  /**
   * A picture.
   *
   * @param embedding of its largest face
   * @param qualities the value of each measure, higher is better
   */
  public record Graded(FaceEmbedding embedding, Map<String, Double> qualities) {}

  /** What grades pictures; opened and closed by the caller. */
  public record Networks(
      FaceDetector detector, FaceEmbedder embedder, List<FaceAnalyzer<FaceQuality>> qualities) {
    private Optional<Face> face(FaceImage image) {
      return detector.detectOne(image, FaceSelection.LARGEST).map(SelectedFace::face);
    }
  }

  /**
   * Grades each picture.
   *
   * @param protocol the pictures
   * @param networks what grades them
   * @param complain takes the words about each picture that cannot be read
   * @param step is called after each picture
   * @return the pictures
   */
  public static GradedPictures of(
      Protocol protocol, Networks networks, Consumer<String> complain, Runnable step) {
    List<Optional<Graded>> pictures = new ArrayList<>();
    int unreadable = 0;
    for (int picture = 0; picture < protocol.pictures().size(); picture++) {
      try {
        pictures.add(grade(ImageFiles.read(protocol.path(picture)), picture, networks));
      } catch (PictureException e) {
        complain.accept(e.getMessage());
        pictures.add(Optional.empty());
        unreadable++;
      }
      step.run();
    }
    return new GradedPictures(List.copyOf(pictures), unreadable);
  }

  private static Optional<Graded> grade(FaceImage original, int picture, Networks networks) {
    try {
      Optional<Face> before = networks.face(original);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      FaceImage image =
          degraded(
              original,
              picture,
              QualityMeasurement.of(original, before.get())
                  .get(QualityProperty.INTER_EYE_DISTANCE));
      return networks.face(image).map(face -> grade(image, face, networks));
    } catch (AlignmentException e) {
      // A face whose landmarks fix no crop is as good as none.
      return Optional.empty();
    }
  }

  private static FaceImage degraded(FaceImage image, int picture, double eyes) {
    return switch (picture % 6) {
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
    MeasuredQuality measured = QualityMeasurement.of(image, face);
    measured
        .values()
        .forEach(
            (property, value) ->
                qualities.put(
                    property.label(), property.higherIsBetter() ? value : -Math.abs(value)));
    return new Graded(networks.embedder().embed(image, face), qualities);
  }
}
