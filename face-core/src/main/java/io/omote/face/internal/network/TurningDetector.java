// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.geometry.Suppression;
import io.omote.face.internal.options.DetectorOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A detector of faces in any position: it looks at the image in four positions, and keeps each face
 * where it stands upright most surely. Thread-safe.
 *
 * <p>There is one turned image at a time.
 */
final class TurningDetector implements FaceDetector {
  private final UprightDetector detector;
  private final Suppression suppression;
  private final DetectorOptions options;

  /**
   * Takes ownership of a detector.
   *
   * @param detector finds all upright faces
   * @param suppression drops a face that was found in another position, too
   * @param options the number of faces to return
   */
  TurningDetector(UprightDetector detector, Suppression suppression, DetectorOptions options) {
    this.detector = detector;
    this.suppression = suppression;
    this.options = options;
  }

  /**
   * A face of one position, in pixels of the image as it was given.
   *
   * @param isUpright whether it stands upright in that position
   * @param certainty how surely
   */
  private record Found(Face face, boolean isUpright, double certainty) {}

  @Override
  public List<Face> detect(FaceImage image) {
    List<Found> found = new ArrayList<>();
    for (int degrees = 0; degrees < 360; degrees += 90) {
      found.addAll(detect(image, degrees));
    }
    found.sort(Comparator.comparing(Found::isUpright).thenComparing(Found::certainty).reversed());
    List<Face> faces =
        Faces.keep(found.stream().map(Found::face).toList(), suppression)
            .sorted(Comparator.comparing(Face::score).reversed())
            .toList();
    return options.limit(faces, image.width(), image.height());
  }

  private List<Found> detect(FaceImage image, int degrees) {
    FaceImage turned = image.turned(degrees);
    AffineMap back = back(image, degrees);
    return detector.detect(turned).stream()
        // Another position finds the others better; where none does, the given one counts.
        .filter(face -> degrees == 0 || face.turn() == 0)
        .map(
            face ->
                new Found(moved(face, back), face.turn() == 0, detector.certainty(turned, face)))
        .toList();
  }

  /** Returns the map from pixels of the turned image. */
  private static AffineMap back(FaceImage image, int degrees) {
    int right = image.width() - 1;
    int bottom = image.height() - 1;
    return switch (degrees) {
      case 90 -> new AffineMap(0, 1, 0, -1, 0, bottom);
      case 180 -> new AffineMap(-1, 0, right, 0, -1, bottom);
      case 270 -> new AffineMap(0, -1, right, 1, 0, 0);
      default -> AffineMap.IDENTITY;
    };
  }

  private static Face moved(Face face, AffineMap map) {
    BoundingBox box = face.box();
    Point one = moved(new Point(box.left(), box.top()), map);
    Point other = moved(new Point(box.right(), box.bottom()), map);
    return new Face(
        new BoundingBox(
            Math.min(one.x(), other.x()),
            Math.min(one.y(), other.y()),
            Math.max(one.x(), other.x()),
            Math.max(one.y(), other.y())),
        face.score(),
        face.landmarks().map(landmarks -> moved(landmarks, map)));
  }

  private static Landmarks moved(Landmarks landmarks, AffineMap map) {
    return new Landmarks(
        moved(landmarks.leftEye(), map),
        moved(landmarks.rightEye(), map),
        moved(landmarks.nose(), map),
        moved(landmarks.leftMouthCorner(), map),
        moved(landmarks.rightMouthCorner(), map));
  }

  private static Point moved(Point point, AffineMap map) {
    return new Point((float) map.x(point.x(), point.y()), (float) map.y(point.x(), point.y()));
  }

  @Override
  public void close() {
    detector.close();
  }
}
