// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.FaceImage;
import io.omote.face.internal.files.ImageFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import nu.pattern.OpenCV;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;
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
      names = "--after-png",
      description = "decode a PNG first, so that the library loads OpenCV")
  private boolean afterPng;

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "image files")
  private List<Path> files;

  @Override
  public Integer call() throws IOException {
    OpenCV.loadLocally();
    if (afterPng) {
      FaceImage.read(ImageFile.png(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)));
    }
    System.out.printf(
        Locale.ROOT,
        "Java %s of %s%n",
        System.getProperty("java.version"),
        System.getProperty("java.vendor"));
    System.out.println("| file | pixels | OpenCV, ms | Omote, ms | ratio |");
    System.out.println("| --- | --- | --- | --- | --- |");
    for (Path file : files) {
      byte[] encoded = Files.readAllBytes(file);
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
          "| %s | %dx%d | %.2f | %.2f | %.2f |%n",
          file.getFileName(),
          image.width(),
          image.height(),
          theirs,
          ours,
          ours / theirs);
    }
    return 0;
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
