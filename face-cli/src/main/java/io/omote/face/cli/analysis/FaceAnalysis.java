// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.analysis;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.Orientation;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.attribute.HeadPose;
import io.omote.face.attribute.Liveness;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.DetectorModel;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.description.Landmarks106Model;
import io.omote.face.description.Landmarks68Model;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.QualityModel;
import io.omote.face.description.ScrfdModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A detector and analyzers, opened together, at most one of each kind. An SCRFD detector runs in
 * one pass at 640.
 *
 * <p>Thread-safe. It holds networks in native memory: close it.
 */
public final class FaceAnalysis implements AutoCloseable {
  private final FaceDetector detector;
  private final Map<Class<?>, FaceAnalyzer<?>> analyzers = new LinkedHashMap<>();

  private FaceAnalysis(FaceDetector detector) {
    this.detector = detector;
  }

  /**
   * Opens networks with default options.
   *
   * @param detector the detector
   * @param analyzers the analyzers; a later one replaces an earlier one of the same kind
   */
  public static FaceAnalysis open(
      DetectorModel detector, List<? extends AnalyzerModel<?>> analyzers) {
    return open(FaceDetector.builder(detector), detector, analyzers, OptionalInt.empty());
  }

  /**
   * Opens networks.
   *
   * @param detector the detector
   * @param analyzers the analyzers; a later one replaces an earlier one of the same kind
   * @param orientation the positions in which faces are found
   * @param threads the number of threads that work on one image
   */
  public static FaceAnalysis open(
      DetectorModel detector,
      List<? extends AnalyzerModel<?>> analyzers,
      Orientation orientation,
      int threads) {
    return open(
        FaceDetector.builder(detector).orientation(orientation),
        detector,
        analyzers,
        OptionalInt.of(threads));
  }

  private static FaceAnalysis open(
      FaceDetector.Builder builder,
      DetectorModel detector,
      List<? extends AnalyzerModel<?>> analyzers,
      OptionalInt threads) {
    Map<Class<?>, AnalyzerModel<?>> ofKinds = new LinkedHashMap<>();
    analyzers.forEach(model -> ofKinds.put(model.getClass(), model));
    // The network with depth gives the same points, and depth.
    if (ofKinds.containsKey(Landmarks68Model.class)) {
      ofKinds.remove(Landmarks68Model2D.class);
    }
    threads.ifPresent(builder::threads);
    if (detector instanceof ScrfdModel) {
      // The small pass of the auto mode places boxes less accurately, which changes the results of
      // networks whose input is the content of the box.
      builder.inputSizes(640);
    }
    FaceAnalysis opened = new FaceAnalysis(builder.build());
    try {
      ofKinds.forEach((kind, model) -> opened.analyzers.put(kind, open(model, threads)));
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  private static <A> FaceAnalyzer<A> open(AnalyzerModel<A> model, OptionalInt threads) {
    FaceAnalyzer.Builder<A> builder = FaceAnalyzer.builder(model);
    threads.ifPresent(builder::threads);
    return builder.build();
  }

  /**
   * Detects and analyzes all faces of an image.
   *
   * @param image the image
   * @return the analyzed faces, by descending score of the detector
   */
  public List<AnalyzedFace> analyze(FaceImage image) {
    List<Face> faces = detector.detect(image);
    List<Optional<DenseLandmarks>> points106 = run(Landmarks106Model.class, image, faces);
    List<Optional<DenseLandmarks>> points68 =
        analyzers.containsKey(Landmarks68Model.class)
            ? run(Landmarks68Model.class, image, faces)
            : run(Landmarks68Model2D.class, image, faces);
    List<Optional<FaceMesh>> meshes = run(FaceMeshModel.class, image, faces);
    List<Optional<AgeAndSex>> agesAndSexes = run(AgeAndSexModel.class, image, faces);
    List<Optional<Liveness>> livenesses = run(LivenessModel.class, image, faces);
    List<Optional<FaceQuality>> qualities = run(QualityModel.class, image, faces);
    List<AnalyzedFace> analyzed = new ArrayList<>();
    for (int at = 0; at < faces.size(); at++) {
      Face face = faces.get(at);
      Optional<HeadPose> pose = pose(points68.get(at), meshes.get(at));
      analyzed.add(
          new AnalyzedFace(
              face,
              points106.get(at),
              points68.get(at),
              meshes.get(at),
              pose.or(() -> face.landmarks().map(HeadPose::of)),
              pose.isEmpty(),
              agesAndSexes.get(at),
              livenesses.get(at),
              qualities.get(at),
              face.landmarks().map(landmarks -> MeasuredQuality.of(image, face))));
    }
    return List.copyOf(analyzed);
  }

  /** Returns the pose from the best of these points: depth first, then number. */
  private static Optional<HeadPose> pose(
      Optional<DenseLandmarks> points68, Optional<FaceMesh> mesh) {
    return points68
        .filter(DenseLandmarks::hasDepth)
        .map(HeadPose::of)
        .or(() -> mesh.filter(FaceMesh::isPresent).map(FaceMesh::pose))
        .or(() -> points68.map(HeadPose::of));
  }

  /** Returns a result for each face; results are empty if there is no such analyzer. */
  private <A> List<Optional<A>> run(
      Class<? extends AnalyzerModel<A>> kind, FaceImage image, List<Face> faces) {
    // The analyzer was opened from a description of that class, which determines its result type.
    @SuppressWarnings("unchecked")
    FaceAnalyzer<A> analyzer = (FaceAnalyzer<A>) analyzers.get(kind);
    return analyzer == null
        ? faces.stream().map(face -> Optional.<A>empty()).toList()
        : analyzer.analyze(image, faces).stream().map(Optional::of).toList();
  }

  @Override
  public void close() {
    detector.close();
    analyzers.values().forEach(FaceAnalyzer::close);
  }
}
