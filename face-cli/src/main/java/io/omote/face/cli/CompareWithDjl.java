// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import ai.djl.ModelException;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.modality.cv.output.Landmark;
import ai.djl.modality.cv.output.Point;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Compares two faces with nothing but DJL's API: its zoo finds the detector and the recognizer of a
 * pack that was fetched.
 */
@Command(
    name = "compare-with-djl",
    mixinStandardHelpOptions = true,
    description = "Prints the similarity of the clearest faces of two images, by DJL's API.")
final class CompareWithDjl implements Callable<Integer> {
  /** Where recognition networks expect eyes, nose and mouth corners in a crop of 112x112. */
  private static final double[][] TEMPLATE = {
    {38.2946, 51.6963},
    {73.5318, 51.5014},
    {56.0252, 71.7366},
    {41.5493, 92.3655},
    {70.7299, 92.2041}
  };

  private static final int CROP = 112;

  @Spec private CommandSpec spec;

  @Option(
      names = "--pack",
      paramLabel = "NAME",
      defaultValue = "buffalo_l",
      description = "pack with an SCRFD detector, by default ${DEFAULT-VALUE}")
  private String pack;

  @Parameters(arity = "2", paramLabel = "IMAGE", description = "the two images")
  private List<Path> files;

  @Override
  public Integer call() throws IOException, ModelException, TranslateException {
    List<float[]> embeddings = new ArrayList<>();
    try (ZooModel<Image, DetectedObjects> detector = criteria(DetectedObjects.class).loadModel();
        ZooModel<Image, float[]> recognizer = criteria(float[].class).loadModel();
        Predictor<Image, DetectedObjects> detect = detector.newPredictor();
        Predictor<Image, float[]> embed = recognizer.newPredictor()) {
      ImageFactory factory = new BufferedImageFactory();
      for (Path file : files) {
        Image image = factory.fromFile(file);
        DetectedObjects faces = detect.predict(image);
        if (faces.getNumberOfObjects() == 0) {
          spec.commandLine().getErr().println("expected a face in " + file + ", found none");
          return 1;
        }
        Landmark face = (Landmark) faces.<DetectedObjects.DetectedObject>item(0).getBoundingBox();
        embeddings.add(embed.predict(factory.fromImage(align(image, face))));
      }
    }
    double similarity = 0;
    for (int i = 0; i < embeddings.get(0).length; i++) {
      similarity += embeddings.get(0)[i] * embeddings.get(1)[i];
    }
    spec.commandLine().getOut().printf(Locale.ROOT, "similarity %.4f%n", similarity);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private <O> Criteria<Image, O> criteria(Class<O> output) {
    return Criteria.builder()
        .setTypes(Image.class, output)
        .optGroupId("io.omote")
        .optArtifactId(pack)
        .build();
  }

  /** Turns, scales and moves a face so that its five points come to lie on the template. */
  private static BufferedImage align(Image image, Landmark face) {
    List<Point> points = new ArrayList<>();
    face.getPath().forEach(points::add);
    double meanX = points.stream().mapToDouble(Point::getX).average().orElseThrow();
    double meanY = points.stream().mapToDouble(Point::getY).average().orElseThrow();
    double templateX = 0;
    double templateY = 0;
    for (double[] point : TEMPLATE) {
      templateX += point[0] / TEMPLATE.length;
      templateY += point[1] / TEMPLATE.length;
    }
    // Least squares over turn and scale: a complex factor a + bi.
    double a = 0;
    double b = 0;
    double norm = 0;
    for (int i = 0; i < TEMPLATE.length; i++) {
      double x = points.get(i).getX() - meanX;
      double y = points.get(i).getY() - meanY;
      double toX = TEMPLATE[i][0] - templateX;
      double toY = TEMPLATE[i][1] - templateY;
      a += x * toX + y * toY;
      b += x * toY - y * toX;
      norm += x * x + y * y;
    }
    a /= norm;
    b /= norm;
    AffineTransform transform =
        new AffineTransform(
            a, b, -b, a, templateX - a * meanX + b * meanY, templateY - b * meanX - a * meanY);
    // Landmarks name the middles of pixels, Java2D their corners.
    transform.preConcatenate(AffineTransform.getTranslateInstance(0.5, 0.5));
    transform.translate(-0.5, -0.5);
    BufferedImage crop = new BufferedImage(CROP, CROP, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = crop.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage((BufferedImage) image.getWrappedImage(), transform, null);
    graphics.dispose();
    return crop;
  }

  public static void main(String[] args) {
    Commands.main(new CompareWithDjl(), args);
  }
}
