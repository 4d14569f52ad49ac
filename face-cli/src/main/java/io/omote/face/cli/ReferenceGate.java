// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.attribute.EnrollmentGate;
import io.omote.face.attribute.EnrollmentGate.Shortfall;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.attribute.MeasuredQuality.Property;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The default enrollment gate, with limits for eyes and mouth if they are asked for. Only these
 * need a network, the bundled mesh.
 *
 * <p>Thread-safe. It may hold networks in native memory: close it.
 */
final class ReferenceGate implements AutoCloseable {
  /** The limits; docs/analysis.md has the measurements behind them. */
  private static final double OPEN_EYES = 0.08;

  private static final double CLOSED_MOUTH = 0.1;

  private final EnrollmentGate limits;
  private final @Nullable FaceAnalyzer<FaceMesh> mesh;

  private ReferenceGate(EnrollmentGate limits, @Nullable FaceAnalyzer<FaceMesh> mesh) {
    this.limits = limits;
    this.mesh = mesh;
  }

  /**
   * Opens a gate.
   *
   * @param openEyes whether both eyes must be open
   * @param closedMouth whether the mouth must be closed
   * @param threads the number of threads that work on one image
   */
  static ReferenceGate open(boolean openEyes, boolean closedMouth, int threads) {
    EnrollmentGate limits = EnrollmentGate.defaults();
    if (openEyes) {
      limits = limits.with(Property.EYE_OPENNESS, OPEN_EYES);
    }
    if (closedMouth) {
      limits = limits.with(Property.MOUTH_OPENNESS, CLOSED_MOUTH);
    }
    return new ReferenceGate(
        limits,
        openEyes || closedMouth
            ? FaceAnalyzer.builder(MeshFiles.bundled()).threads(threads).build()
            : null);
  }

  /** Returns whether a face passes the default gate, regardless of eyes and mouth. */
  static boolean isFit(FaceImage image, Face face) {
    return EnrollmentGate.defaults().check(MeasuredQuality.of(image, face)).isEmpty();
  }

  /** Returns the properties of a face that fail. */
  List<Shortfall> check(FaceImage image, Face face) {
    MeasuredQuality measured = MeasuredQuality.of(image, face);
    return limits.check(mesh == null ? measured : measured.with(mesh.analyze(image, face)));
  }

  @Override
  public void close() {
    if (mesh != null) {
      mesh.close();
    }
  }
}
