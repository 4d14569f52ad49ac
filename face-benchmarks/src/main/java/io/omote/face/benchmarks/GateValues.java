// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.SelectedFace;
import io.omote.face.attribute.EnrollmentGate;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.attribute.MeasuredQuality.Property;
import io.omote.face.cli.ModelOptions;
import io.omote.face.evaluation.Degradation;
import io.omote.face.evaluation.Protocol;
import java.awt.image.RescaleOp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Measures how each quality property of a reference affects recognition. It degrades images step by
 * step and compares them with unmodified probes. The limits of the enrollment gate are chosen from
 * its results.
 */
@Command(
    name = "gate-values",
    mixinStandardHelpOptions = true,
    description = "Measures false non-matches of references that are degraded step by step.")
final class GateValues implements Callable<Integer> {
  @Mixin private final ModelOptions options = new ModelOptions();

  @Parameters(index = "0", paramLabel = "SET", description = "pairs to compare, as for evaluate")
  private Path set;

  /** A degradation of an image, and the property that should reflect it. */
  private record Way(String name, Property property, UnaryOperator<FaceImage> change) {}

  /** The bounds of the groups of images by yaw, in degrees. */
  private static final double[] YAWS = {0, 10, 20, 30, 45, 90};

  private List<Way> ways() {
    List<Way> ways = new ArrayList<>();
    ways.add(new Way("as it is", Property.INTER_EYE_DISTANCE, image -> image));
    for (int by : new int[] {2, 3, 4, 5, 6}) {
      ways.add(
          new Way(
              "shrunk to 1/" + by,
              Property.INTER_EYE_DISTANCE,
              image -> Degradation.shrunk(image, 1.0 / by)));
    }
    ways.add(new Way("as it is", Property.SHARPNESS, image -> image));
    for (double sigma : new double[] {1, 1.5, 2, 2.5, 3, 4}) {
      ways.add(
          new Way(
              "blurred, sigma " + sigma,
              Property.SHARPNESS,
              image -> Degradation.blurred(image, sigma)));
    }
    ways.add(new Way("as it is", Property.UNDER_EXPOSURE, image -> image));
    for (float gain : new float[] {0.5f, 0.25f, 0.15f, 0.1f}) {
      ways.add(new Way("darkened to " + gain, Property.UNDER_EXPOSURE, levels(gain, 0)));
    }
    ways.add(new Way("as it is", Property.OVER_EXPOSURE, image -> image));
    for (float gain : new float[] {1.5f, 2, 3, 4}) {
      ways.add(new Way("brightened by " + gain, Property.OVER_EXPOSURE, levels(gain, 0)));
    }
    ways.add(new Way("as it is", Property.CONTRAST, image -> image));
    for (float gain : new float[] {0.5f, 0.25f, 0.15f}) {
      UnaryOperator<FaceImage> change = levels(gain, 128 * (1 - gain));
      ways.add(new Way("contrast of " + gain, Property.CONTRAST, change));
    }
    ways.add(new Way("as it is", Property.OUTSIDE_SHARE, image -> image));
    for (double share : new double[] {0.1, 0.2, 0.3, 0.4, 0.5}) {
      ways.add(new Way("cut at " + share, Property.OUTSIDE_SHARE, cutAtTheSide(share)));
    }
    for (double share : new double[] {0.1, 0.2, 0.3, 0.4}) {
      ways.add(new Way("cut below " + share, Property.OUTSIDE_SHARE, cutBelow(share)));
    }
    return ways;
  }

  private Protocol protocol;
  private FaceDetector detector;
  private FaceEmbedder embedder;
  private double threshold;

  /** An unmodified probe for each degraded image. */
  private final Map<Integer, FaceEmbedding> probes = new TreeMap<>();

  /** The result of one reference. */
  private record Trial(MeasuredQuality quality, boolean falseNonMatch) {}

  @Override
  public Integer call() {
    FaceModels models = options.models();
    threshold = models.embedder().threshold();
    protocol = Protocol.read(set);
    try (FaceDetector opened = FaceDetector.create(models);
        FaceEmbedder openedToo = FaceEmbedder.create(models)) {
      detector = opened;
      embedder = openedToo;
      embedProbes();
      System.out.printf(Locale.ROOT, "threshold %.4f%n%n", threshold);
      System.out.println(
          "| reference | property | median, 5 % to 95 % | no face | FNMR | refused |");
      System.out.println("| --- | --- | --- | --- | --- | --- |");
      for (Way way : ways()) {
        report(way.name(), way.property(), trials(way.change()));
      }
      List<Trial> untouched = trials(image -> image);
      for (int at = 0; at < YAWS.length - 1; at++) {
        double from = YAWS[at];
        double to = YAWS[at + 1];
        report(
            String.format(Locale.ROOT, "yaw of %.0f to %.0f", from, to),
            Property.YAW,
            untouched.stream().filter(t -> isWithin(from, to, t.quality())).toList());
      }
    }
    return 0;
  }

  private static boolean isWithin(double from, double to, MeasuredQuality quality) {
    double yaw = Math.abs(quality.get(Property.YAW));
    return yaw >= from && yaw < to;
  }

  private void embedProbes() {
    for (Protocol.Pair pair : protocol.pairs()) {
      if (pair.mated()) {
        FaceImage image = read(pair.second());
        face(image).ifPresent(f -> probes.put(pair.first(), embedder.embed(image, f)));
      }
    }
  }

  private FaceImage read(int index) {
    return FaceImage.read(protocol.path(index));
  }

  private Optional<Face> face(FaceImage image) {
    return detector.detectOne(image, FaceSelection.LARGEST).map(SelectedFace::face);
  }

  private List<Trial> trials(UnaryOperator<FaceImage> change) {
    List<Trial> trials = new ArrayList<>();
    probes.forEach(
        (index, probe) -> {
          FaceImage image = change.apply(read(index));
          face(image)
              .ifPresent(
                  face ->
                      trials.add(
                          new Trial(
                              MeasuredQuality.of(image, face),
                              embedder.embed(image, face).similarity(probe) < threshold)));
        });
    return trials;
  }

  private void report(String reference, Property property, List<Trial> trials) {
    double[] values =
        trials.stream().mapToDouble(t -> Math.abs(t.quality().get(property))).sorted().toArray();
    long errors = trials.stream().filter(Trial::falseNonMatch).count();
    long refused =
        trials.stream()
            .filter(t -> !EnrollmentGate.defaults().check(t.quality()).isEmpty())
            .count();
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %.3g, %.3g to %.3g | %d | %d of %d, %.1f %% | %.1f %% |%n",
        reference,
        property.label(),
        quantile(values, 0.5),
        quantile(values, 0.05),
        quantile(values, 0.95),
        probes.size() - trials.size(),
        errors,
        values.length,
        100.0 * errors / values.length,
        100.0 * refused / values.length);
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))];
  }

  private static UnaryOperator<FaceImage> levels(float gain, float offset) {
    RescaleOp rescale = new RescaleOp(gain, offset, null);
    return image -> FaceImage.of(rescale.filter(image.toBufferedImage(), null));
  }

  /** Cuts off the left part of the face, relative to the box in the unmodified image. */
  private UnaryOperator<FaceImage> cutAtTheSide(double share) {
    return image -> {
      BoundingBox box = face(image).orElseThrow().box();
      int left = (int) Math.max(0, Math.round(box.left() + share * box.width()));
      return cut(image, left, image.height());
    };
  }

  /** Cuts off the chin. */
  private UnaryOperator<FaceImage> cutBelow(double share) {
    return image -> {
      BoundingBox box = face(image).orElseThrow().box();
      long bottom = Math.round(box.bottom() - share * box.height());
      return cut(image, 0, (int) Math.min(image.height(), bottom));
    };
  }

  private static FaceImage cut(FaceImage image, int left, int bottom) {
    return FaceImage.of(image.toBufferedImage().getSubimage(left, 0, image.width() - left, bottom));
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new GateValues()).execute(args));
  }
}
