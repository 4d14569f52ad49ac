// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.models.ModelZoo;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The time from the start of the JVM to the first result of the bundled pack, by step. */
@Command(
    name = "cold-start",
    mixinStandardHelpOptions = true,
    description = "Measures the time from the start of the JVM to its first comparison.")
final class ColdStart implements Callable<Integer> {
  @Option(
      names = "--steps",
      description = "run the steps in turn on one thread, instead of FaceMatcher.compare")
  private boolean steps;

  @Parameters(index = "0", paramLabel = "IMAGE1", description = "image of one face")
  private Path first;

  @Parameters(index = "1", paramLabel = "IMAGE2", description = "image of one face")
  private Path second;

  private long last = ManagementFactory.getRuntimeMXBean().getStartTime();

  @Override
  public Integer call() {
    long start = last;
    done("JVM and arguments");
    if (steps) {
      takeSteps(ModelZoo.lite());
    } else {
      compare(ModelZoo.lite());
    }
    System.out.printf(Locale.ROOT, "%5d ms in all%n", last - start);
    return 0;
  }

  private void compare(FaceModels models) {
    try (FaceMatcher matcher = FaceMatcher.create(models)) {
      done("FaceMatcher.create");
      matcher.compare(first, second);
      done("compare, the first time");
    }
  }

  private void takeSteps(FaceModels models) {
    try (FaceEmbedder embedder = FaceEmbedder.create(models)) {
      done("ONNX Runtime and the embedder");
      try (FaceDetector detector = FaceDetector.create(models)) {
        done("the detector");
        FaceImage one = FaceImage.read(first);
        done("the first image");
        FaceImage two = FaceImage.read(second);
        done("the second image");
        Face face = detector.detect(one).get(0);
        done("detect, the first time");
        embedder.embed(one, face);
        done("embed, the first time");
        embedder.embed(two, detector.detect(two).get(0));
        done("detect and embed again");
      }
    }
  }

  private void done(String what) {
    long now = System.currentTimeMillis();
    System.out.printf(Locale.ROOT, "%5d ms %s%n", now - last, what);
    last = now;
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new ColdStart()).execute(args));
  }
}
