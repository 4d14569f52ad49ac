// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.Liveness;
import io.omote.face.attribute.MeasuredQuality;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/** The results of analyzers for the faces of one image, as values of rows. Used by one task. */
final class FaceAnalyses {
  private final FaceImage image;
  private final List<Face> faces;
  private final ExecutorNetworks networks;

  /** Two columns need them. */
  private @Nullable List<@Nullable Object> points68;

  FaceAnalyses(FaceImage image, List<Face> faces, ExecutorNetworks networks) {
    this.image = image;
    this.faces = faces;
    this.networks = networks;
  }

  /** Returns the values of a column, one for each face, null where an analyzer has none. */
  List<@Nullable Object> column(AnalyzerColumn column) {
    return switch (column) {
      case QUALITY -> each(faces, face -> row(MeasuredQuality.of(image, face)));
      case POSE -> poses();
      case LANDMARKS_68 -> each(points68(), points -> rows((DenseLandmarks) points, true));
      case LANDMARKS_106 -> each(run(column), points -> rows((DenseLandmarks) points, false));
      case AGE_AND_SEX -> each(run(column), guess -> row((AgeAndSex) guess));
      case LIVENESS -> each(run(column), liveness -> row((Liveness) liveness));
      case FACE_QUALITY -> each(run(column), quality -> row((FaceQuality) quality));
    };
  }

  /** Converts what is there, and leaves out what a face has no landmarks for. */
  private static <T> List<@Nullable Object> each(
      List<? extends @Nullable T> from, Function<T, @Nullable Object> conversion) {
    List<@Nullable Object> converted = new ArrayList<>();
    for (T value : from) {
      try {
        converted.add(value == null ? null : conversion.apply(value));
      } catch (AlignmentException e) {
        converted.add(null);
      }
    }
    return converted;
  }

  private List<@Nullable Object> poses() {
    if (networks.analyzer(AnalyzerColumn.LANDMARKS_68) != null) {
      return each(points68(), points -> row(HeadPose.of((DenseLandmarks) points), true));
    }
    return each(
        faces,
        face -> face.landmarks().map(landmarks -> row(HeadPose.of(landmarks), false)).orElse(null));
  }

  private List<@Nullable Object> points68() {
    if (points68 == null) {
      points68 = run(AnalyzerColumn.LANDMARKS_68);
    }
    return points68;
  }

  private List<@Nullable Object> run(AnalyzerColumn column) {
    FaceAnalyzer<?> analyzer = networks.analyzer(column);
    if (analyzer == null) {
      throw new IllegalStateException("the analyzer " + column + " was not opened");
    }
    try {
      return new ArrayList<>(analyzer.analyze(image, faces));
    } catch (AlignmentException e) {
      // One face has no usable landmarks: analyze each on its own.
      return each(faces, face -> analyzer.analyze(image, face));
    }
  }

  private static Row row(MeasuredQuality quality) {
    return RowFactory.create(quality.values().values().toArray());
  }

  private static Row row(HeadPose pose, boolean withPitch) {
    return RowFactory.create(withPitch ? pose.pitch() : null, pose.yaw(), pose.roll());
  }

  private static Row[] rows(DenseLandmarks points, boolean withDepth) {
    return IntStream.range(0, points.size())
        .mapToObj(
            at ->
                withDepth
                    ? RowFactory.create(
                        points.x(at), points.y(at), points.hasDepth() ? points.z(at) : null)
                    : RowFactory.create(points.x(at), points.y(at)))
        .toArray(Row[]::new);
  }

  private static Row row(AgeAndSex guess) {
    return RowFactory.create(guess.years(), guess.sex().name(), guess.female(), guess.male());
  }

  private static Row row(Liveness liveness) {
    return RowFactory.create(liveness.score(), liveness.scores().toArray(Float[]::new));
  }

  private static Row row(FaceQuality quality) {
    return RowFactory.create(quality.score(), quality.modelId());
  }
}
