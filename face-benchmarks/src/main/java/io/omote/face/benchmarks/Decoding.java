// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.FaceImage;
import io.omote.face.internal.files.ImageFile;
import io.omote.face.internal.image.NativeDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import nu.pattern.OpenCV;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Compares the decoding of image files with OpenCV, in turn. OpenCV decodes and copies the pixels;
 * Omote also reads the header, checks the limits and the end of the file, and makes the image
 * upright.
 */
@Command(
    name = "decoding",
    mixinStandardHelpOptions = true,
    description = "Compares the time to decode image files with OpenCV's.")
final class Decoding implements Callable<Integer> {
  private static final long ROUND_NANOSECONDS = 300_000_000;

  @Option(names = "--rounds", defaultValue = "5", description = "number of rounds, each in turn")
  private int rounds;

  @Option(
      names = "--opencv-loaded",
      description = "decode a WebP first, so that face-opencv loads OpenCV")
  private boolean openCvLoaded;

  @Option(
      names = "--sides",
      split = ",",
      description =
          "instead of the files, their images at these lengths of the longer side, in each format")
  private List<Integer> sides = List.of();

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "image files")
  private List<Path> files;

  @Override
  public Integer call() throws IOException {
    OpenCV.loadLocally();
    boolean hasModule = ServiceLoader.load(NativeDecoder.class).findFirst().isPresent();
    if (openCvLoaded) {
      FaceImage.read(encoded(Mat.zeros(1, 1, CvType.CV_8UC3), ".webp"));
    }
    System.out.printf(
        Locale.ROOT,
        "Java %s of %s, %s%n",
        System.getProperty("java.version"),
        System.getProperty("java.vendor"),
        !hasModule
            ? "without face-opencv"
            : openCvLoaded ? "OpenCV loaded" : "with face-opencv, OpenCV not loaded");
    System.out.println("| file | pixels | kB | OpenCV, ms | Omote, ms | ratio |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    for (Path file : files) {
      if (sides.isEmpty()) {
        compare(file.getFileName().toString(), Files.readAllBytes(file));
      }
      for (int side : sides) {
        compareFormats(scaled(Imgcodecs.imread(file.toString()), side), hasModule);
      }
    }
    return 0;
  }

  private void compareFormats(Mat image, boolean hasModule) {
    byte[] bmp = encoded(image, ".bmp");
    compare("JPEG", encoded(image, ".jpg"));
    compare("progressive", encoded(image, ".jpg", Imgcodecs.IMWRITE_JPEG_PROGRESSIVE, 1));
    // OpenCV's writer uses one filter for all rows; others choose one for each.
    compare("PNG", ImageFile.png(FaceImage.read(bmp).toBufferedImage()));
    compare("BMP", bmp);
    if (hasModule) {
      compare("WebP", encoded(image, ".webp"));
    }
  }

  private static Mat scaled(Mat image, int side) {
    double factor = (double) side / Math.max(image.cols(), image.rows());
    Mat scaled = new Mat();
    Imgproc.resize(image, scaled, new Size(), factor, factor, Imgproc.INTER_AREA);
    return scaled;
  }

  private static byte[] encoded(Mat image, String ending, int... settings) {
    MatOfByte out = new MatOfByte();
    MatOfInt options = new MatOfInt(settings);
    Imgcodecs.imencode(ending, image, out, options);
    byte[] file = out.toArray();
    out.release();
    options.release();
    return file;
  }

  private void compare(String name, byte[] encoded) {
    FaceImage image = FaceImage.read(encoded);
    double theirs = Double.MAX_VALUE;
    double ours = Double.MAX_VALUE;
    // The first round warms up.
    for (int i = 0; i <= rounds; i++) {
      double their = median(() -> decodeByOpenCv(encoded));
      double our = median(() -> FaceImage.read(encoded));
      theirs = i == 0 ? theirs : Math.min(theirs, their);
      ours = i == 0 ? ours : Math.min(ours, our);
    }
    System.out.printf(
        Locale.ROOT,
        "| %s | %dx%d | %d | %.2f | %.2f | %.2f |%n",
        name,
        image.width(),
        image.height(),
        encoded.length / 1000,
        theirs,
        ours,
        ours / theirs);
  }

  private static double median(Runnable task) {
    List<Long> times = new ArrayList<>();
    long start = System.nanoTime();
    long before = start;
    while (before - start < ROUND_NANOSECONDS) {
      task.run();
      long after = System.nanoTime();
      times.add(after - before);
      before = after;
    }
    return times.stream().sorted().toList().get(times.size() / 2) / 1e6;
  }

  private static void decodeByOpenCv(byte[] encoded) {
    MatOfByte mat = new MatOfByte(encoded);
    Mat pixels = Imgcodecs.imdecode(mat, Imgcodecs.IMREAD_COLOR);
    byte[] bgr = new byte[3 * pixels.rows() * pixels.cols()];
    pixels.get(0, 0, bgr);
    pixels.release();
    mat.release();
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new Decoding()).execute(args));
  }
}
