// SPDX-License-Identifier: Apache-2.0
package io.omote.face.evaluation;

import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceSelection;
import io.omote.face.ImageException;
import io.omote.face.attribute.Liveness;
import io.omote.face.internal.files.ImageFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Scores the largest face of each presentation. Used by one thread. */
final class ScoredPresentations {
  private final FaceDetector detector;
  private final FaceAnalyzer<Liveness> analyzer;
  private final List<String> unreadable = new ArrayList<>();

  ScoredPresentations(FaceDetector detector, FaceAnalyzer<Liveness> analyzer) {
    this.detector = detector;
    this.analyzer = analyzer;
  }

  PresentationAttackScores score(
      Presentations presentations, Runnable progress, Consumer<String> onUnreadable) {
    PresentationAttackScores.Builder builder = PresentationAttackScores.builder();
    for (Path image : presentations.live()) {
      score(image).ifPresentOrElse(builder::addLive, builder::addLiveNonResponse);
      progress.run();
    }
    presentations
        .attacks()
        .forEach(
            (species, images) -> {
              for (Path image : images) {
                score(image)
                    .ifPresentOrElse(
                        score -> builder.addAttack(species, score),
                        () -> builder.addAttackNonResponse(species));
                progress.run();
              }
            });
    unreadable.forEach(onUnreadable);
    return builder.build();
  }

  private Optional<Double> score(Path file) {
    try {
      FaceImage image = ImageFiles.read(file);
      return detector
          .detectOne(image, FaceSelection.LARGEST)
          .map(selected -> analyzer.analyze(image, selected.face()).score());
    } catch (ImageException e) {
      unreadable.add(e.getMessage());
      return Optional.empty();
    }
  }

  int unreadable() {
    return unreadable.size();
  }
}
