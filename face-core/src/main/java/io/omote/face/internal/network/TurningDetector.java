// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.Landmarks.Point;
import io.omote.face.Orientation;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.options.DetectorOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A detector of faces in any position: it looks at the image in four positions, and keeps each face
 * where it stands upright most surely. Thread-safe.
 *
 * <p>The position of the surest face is that of the image. Faces in other positions must be sure:
 * networks find more in turned images that is no face. There is one turned image at a time.
 */
final class TurningDetector implements FaceDetector {
  private final UprightDetector detector;
  private final DetectorOptions options;

  /**
   * Takes ownership of a detector.
   *
   * @param detector finds all upright faces
   * @param options the number of faces to return
   */
  TurningDetector(UprightDetector detector, DetectorOptions options) {
    this.detector = detector;
    this.options = options;
  }

  /**
   * A face that was found in one position.
   *
   * @param face the face, in pixels of the image as it was given
   * @param degrees the position
   * @param certainty how surely it stands upright in that position
   */
  private record Found(Face face, int degrees, double certainty) {
    /** Two faces of one position were told apart by the detector. */
    boolean isAlso(Found other) {
      return degrees != other.degrees
          && (isCenterIn(other.face.box()) || other.isCenterIn(face.box()));
    }

    private boolean isCenterIn(BoundingBox box) {
      float x = face.box().centerX();
      float y = face.box().centerY();
      return x >= box.left() && x <= box.right() && y >= box.top() && y <= box.bottom();
    }
  }

  @Override
  public List<Face> detect(FaceImage image) {
    List<Found> found = new ArrayList<>();
    for (int degrees = 0; degrees < 360; degrees += 90) {
      found.addAll(detect(image, degrees));
    }
    found.sort(Comparator.comparing(Found::certainty).reversed());
    List<Found> kept = new ArrayList<>();
    for (Found face : found) {
      boolean isCredible = face.certainty >= 0 || face.degrees == found.get(0).degrees;
      if (isCredible && kept.stream().noneMatch(face::isAlso)) {
        kept.add(face);
      }
    }
    List<Face> faces =
        kept.stream()
            .map(Found::face)
            .sorted(Comparator.comparing(Face::score).reversed())
            .toList();
    return options.limit(faces, image.width(), image.height());
  }

  private List<Found> detect(FaceImage image, int degrees) {
    FaceImage turned = image.turned(degrees);
    AffineMap back = back(image, degrees);
    return detector.detect(turned).stream()
        .map(face -> new Found(moved(face, back), degrees, certainty(turned, face)))
        .toList();
  }

  /** A face that lies is found in another position, unless that network misses it there. */
  private double certainty(FaceImage turned, Face face) {
    return face.turn() == 0 ? detector.certainty(turned, face) : Double.NEGATIVE_INFINITY;
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
  public Orientation orientation() {
    return Orientation.ANY;
  }

  @Override
  public void close() {
    detector.close();
  }
}
