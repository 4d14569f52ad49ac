// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceDetector;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.FaceMesh.Eye;
import io.omote.face.attribute.FaceMesh.Gaze;
import io.omote.face.attribute.HeadPose;
import io.omote.face.description.FaceMeshModel;
import io.omote.face.evaluation.Protocol;
import io.omote.face.models.ModelZoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Measures what the values of a face mesh are on ordinary images, and what a single pass costs. The
 * limits of open eyes and a closed mouth rest on its results.
 */
@Command(
    name = "mesh-figures",
    mixinStandardHelpOptions = true,
    description = "Measures the values of face meshes on the images of a set.")
final class MeshFigures implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "SET", description = "images, as for evaluate")
  private Path set;

  /** The largest yaw and pitch of a head that faces the camera, in degrees. */
  private static final double AHEAD = 10;

  /** The mesh of an image by two passes, by one, and by two of the mirrored image. */
  private record Measured(FaceMesh mesh, FaceMesh single, FaceMesh mirrored) {}

  @Override
  public Integer call() {
    FaceModels models = ModelZoo.lite();
    FaceMeshModel model = models.analyzer(FaceMeshModel.class).orElseThrow();
    List<Measured> all = new ArrayList<>();
    Protocol protocol = Protocol.read(set);
    try (FaceDetector detector = FaceDetector.create(models);
        FaceAnalyzer<FaceMesh> two = FaceAnalyzer.create(model);
        FaceAnalyzer<FaceMesh> one = FaceAnalyzer.create(model.withSinglePass())) {
      for (int i = 0; i < protocol.images().size(); i++) {
        FaceImage image = FaceImage.read(protocol.path(i));
        FaceImage mirrored = mirrored(image);
        Optional<Face> face = face(detector, image);
        Optional<Face> other = face(detector, mirrored);
        if (face.isPresent() && other.isPresent()) {
          all.add(
              new Measured(
                  two.analyze(image, face.get()),
                  one.analyze(image, face.get()),
                  two.analyze(mirrored, other.get())));
        }
      }
    }
    report(all);
    return 0;
  }

  private static Optional<Face> face(FaceDetector detector, FaceImage image) {
    return detector.detectOne(image, FaceSelection.CENTRAL).map(selected -> selected.face());
  }

  private static FaceImage mirrored(FaceImage image) {
    byte[] bgr = new byte[image.bgr().remaining()];
    for (int at = 0; at < bgr.length; at++) {
      int x = at / 3 % image.width();
      bgr[at] = image.bgr().get(at + 3 * (image.width() - 1 - 2 * x));
    }
    return FaceImage.ofBgr(bgr, image.width(), image.height());
  }

  private static void report(List<Measured> all) {
    Predicate<Measured> ahead =
        measured -> {
          HeadPose pose = measured.mesh().pose();
          return Math.abs(pose.yaw()) < AHEAD && Math.abs(pose.pitch()) < AHEAD;
        };
    List<Measured> frontal = all.stream().filter(ahead).toList();
    System.out.printf(
        Locale.ROOT,
        "%d faces, of which %d with yaw and pitch within %.0f degrees%n%n",
        all.size(),
        frontal.size(),
        AHEAD);
    System.out.println("| value | 1 % | 5 % | median | 95 % | 99 % |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    row("presence", all, m -> m.mesh().presence());
    rows("openness of an eye", all, eyes(Eye::openness));
    rows("openness of an eye, frontal", frontal, eyes(Eye::openness));
    row(
        "openness of the wider eye",
        all,
        m -> Math.max(m.mesh().leftEye().openness(), m.mesh().rightEye().openness()));
    row(
        "openness of the narrower eye",
        all,
        m -> Math.min(m.mesh().leftEye().openness(), m.mesh().rightEye().openness()));
    row("openness of the mouth", all, m -> m.mesh().mouthOpenness());
    row("gaze of the right eye, right, frontal", frontal, right(FaceMesh::rightEye));
    row("gaze of the left eye, right, frontal", frontal, right(FaceMesh::leftEye));
    row("gaze of both eyes, right, frontal", frontal, m -> mean(m, Gaze::right));
    row("gaze of both eyes, up, frontal", frontal, m -> mean(m, Gaze::up));
    row("pitch", all, m -> m.mesh().pose().pitch());
    row("yaw", all, m -> m.mesh().pose().yaw());
    row("roll", all, m -> m.mesh().pose().roll());
    row("yaw, plus that of the mirrored image", all, m -> apart(m, HeadPose::yaw));
    row("roll, plus that of the mirrored image", all, m -> apart(m, HeadPose::roll));
    row("points of one pass, from two, of the irises' distance", all, MeshFigures::difference);
    rows(
        "coefficients of one pass, minus two",
        all,
        m ->
            m.mesh().coefficients().entrySet().stream()
                .map(entry -> m.single().coefficients().get(entry.getKey()) - entry.getValue()));
  }

  private static Function<Measured, Stream<Double>> eyes(ToDoubleFunction<Eye> value) {
    return measured ->
        Stream.of(measured.mesh().leftEye(), measured.mesh().rightEye()).map(value::applyAsDouble);
  }

  private static ToDoubleFunction<Measured> right(Function<FaceMesh, Eye> eye) {
    return measured -> eye.apply(measured.mesh()).gaze().right();
  }

  private static double mean(Measured measured, ToDoubleFunction<Gaze> value) {
    return (value.applyAsDouble(measured.mesh().leftEye().gaze())
            + value.applyAsDouble(measured.mesh().rightEye().gaze()))
        / 2;
  }

  private static double apart(Measured measured, ToDoubleFunction<HeadPose> angle) {
    return angle.applyAsDouble(measured.mesh().pose())
        + angle.applyAsDouble(measured.mirrored().pose());
  }

  /** Returns the mean distance of the points of both, over the distance of the irises. */
  private static double difference(Measured measured) {
    FaceMesh mesh = measured.mesh();
    double sum =
        IntStream.range(0, FaceMesh.POINTS)
            .mapToDouble(
                i ->
                    Math.hypot(
                        mesh.points().x(i) - measured.single().points().x(i),
                        mesh.points().y(i) - measured.single().points().y(i)))
            .sum();
    double irises =
        Math.hypot(
            mesh.leftEye().iris().x() - mesh.rightEye().iris().x(),
            mesh.leftEye().iris().y() - mesh.rightEye().iris().y());
    return sum / FaceMesh.POINTS / irises;
  }

  private static void row(String name, List<Measured> all, ToDoubleFunction<Measured> value) {
    rows(name, all, measured -> Stream.of(value.applyAsDouble(measured)));
  }

  private static void rows(
      String name, List<Measured> all, Function<Measured, Stream<Double>> values) {
    double[] sorted =
        all.stream().flatMap(values).mapToDouble(Double::doubleValue).sorted().toArray();
    StringBuilder row = new StringBuilder("| " + name + " |");
    for (double share : new double[] {0.01, 0.05, 0.5, 0.95, 0.99}) {
      double value = sorted[(int) Math.round(share * (sorted.length - 1))];
      row.append(String.format(Locale.ROOT, " %.3f |", value));
    }
    System.out.println(row);
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new MeshFigures()).execute(args));
  }
}
