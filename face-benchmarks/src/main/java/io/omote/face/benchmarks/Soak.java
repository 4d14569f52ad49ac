// SPDX-License-Identifier: Apache-2.0
package io.omote.face.benchmarks;

import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.cli.Commands;
import io.omote.face.cli.ModelOptions;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Embeds images of many sizes for some minutes, opens and closes matchers in between, and fails if
 * the memory of the process keeps growing.
 */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description = "Monitors the memory of the process while it embeds images again and again.")
final class Soak implements Callable<Integer> {
  /** Long sides in pixels: below, near and above the inputs of the usual detectors. */
  private static final int[] SIDES = {160, 320, 640, 1000, 1600, 2400};

  private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(2);
  private static final int IMAGES_PER_MATCHER = 50;

  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MINUTES", description = "duration, such as 2 or 0.5")
  private double minutes;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "images of a face")
  private List<Path> images;

  @Option(
      names = "--max-growth",
      paramLabel = "MB",
      defaultValue = "10",
      description = "highest growth in MB per minute after the first third (${DEFAULT-VALUE})")
  private double maxGrowth;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (ResidentMemory.now().isEmpty()) {
      out.println("/proc/self/status is missing: memory can be monitored on Linux only");
      return 0;
    }
    Path folder = Files.createTempDirectory("soak");
    List<Path> scaled = new ArrayList<>();
    try {
      scaled.addAll(scale(folder));
      double growth = run(scaled, out);
      boolean flat = growth <= maxGrowth;
      out.printf(
          Locale.ROOT,
          "growth after the first third: %.2f MB/min, bound %.2f: %s%n",
          growth,
          maxGrowth,
          flat ? "flat" : "grows");
      out.flush();
      return flat ? 0 : 1;
    } finally {
      for (Path file : scaled) {
        Files.delete(file);
      }
      Files.delete(folder);
    }
  }

  private List<Path> scale(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path source : images) {
      BufferedImage image = FaceImage.read(source).toBufferedImage();
      for (int side : SIDES) {
        for (String format : List.of("jpg", "png")) {
          Path file = folder.resolve(files.size() + "." + format);
          ImageIO.write(scaled(image, side), format, file.toFile());
          files.add(file);
        }
      }
    }
    return files;
  }

  private static BufferedImage scaled(BufferedImage image, int side) {
    double scale = (double) side / Math.max(image.getWidth(), image.getHeight());
    int width = (int) Math.round(image.getWidth() * scale);
    int height = (int) Math.round(image.getHeight() * scale);
    BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = result.createGraphics();
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return result;
  }

  /** Embeds images until the time is over, and returns the growth in MB per minute. */
  private double run(List<Path> files, PrintWriter out) throws IOException {
    Duration length = Duration.ofMillis(Math.round(minutes * 60_000));
    ResidentMemory memory = new ResidentMemory(length.dividedBy(3));
    FaceModels loaded = models.models();
    long embedded = 0;
    long matchers = 0;
    Duration next = Duration.ZERO;
    // One matcher is open the whole time, as in a server; others come and go.
    try (FaceMatcher lasting = FaceMatcher.create(loaded)) {
      while (memory.elapsed().compareTo(length) < 0) {
        try (FaceMatcher brief = FaceMatcher.create(loaded)) {
          brief.embed(files.get((int) (matchers++ % files.size())));
        }
        for (int i = 0; i < IMAGES_PER_MATCHER; i++) {
          // No face is found at small sizes, which tests another path of the code.
          lasting.embed(files.get((int) (embedded++ % files.size())));
          if (memory.elapsed().compareTo(next) >= 0) {
            next = memory.elapsed().plus(BETWEEN_SAMPLES);
            out.printf(
                Locale.ROOT,
                "%4d s: RSS %6.1f MB, %d images, %d matchers%n",
                memory.elapsed().toSeconds(),
                memory.sample(),
                embedded,
                matchers);
            out.flush();
          }
        }
      }
    }
    return memory.growth();
  }

  public static void main(String[] args) {
    Commands.main(new Soak(), args);
  }
}
