// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.GeneratedModels;
import io.omote.face.ImageException;
import io.omote.face.ImageOptions;
import io.omote.face.description.EmbedderModel;
import io.omote.face.description.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.slf4j.LoggerFactory;

/**
 * A process in which this library is a guest: of a runtime that lacks something, with little
 * memory, or without a place to write to. Arguments: what it does, and with what. What needs more
 * than the module {@code java.base} is in classes of its own, so that this one runs on any runtime.
 * Prints a line for each thing that it does.
 */
final class Guest {
  private Guest() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "read" -> {
        for (int i = 1; i < arguments.length; i++) {
          // Twice: the second failure must be the same as the first.
          read(Path.of(arguments[i]), ImageOptions.defaults());
          read(Path.of(arguments[i]), ImageOptions.defaults());
        }
        libraries();
      }
      case "read-at-once" -> readAtOnce(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
      case "read-bytes" -> {
        ImageOptions large = ImageOptions.defaults().withMaxBytes(1_000_000_000);
        read(Path.of(arguments[1]), large);
        attempt(
            () -> {
              try (InputStream stream = Files.newInputStream(Path.of(arguments[1]))) {
                return FaceImage.read(stream, large);
              }
            });
        read(Path.of(arguments[2]), large);
      }
      case "copy" -> {
        FaceImage image = FaceImage.read(Path.of(arguments[1]));
        attempt(() -> image.toBufferedImage().getWidth());
        read(Path.of(arguments[2]), ImageOptions.defaults());
      }
      case "fill" -> fill();
      case "imaging" -> {
        read(Path.of(arguments[1]), ImageOptions.defaults());
        read(Path.of(arguments[1]), ImageOptions.defaults());
        // No method reference, which would need the class of the result before the call.
        FaceImage image = FaceImage.read(Path.of(arguments[1]));
        attempt(() -> image.toBufferedImage().getWidth());
        attempt(() -> image.toBufferedImage().getWidth());
      }
      case "embed" -> {
        embed(Path.of(arguments[1]));
        for (int i = 2; i < arguments.length; i++) {
          read(Path.of(arguments[i]), ImageOptions.defaults());
        }
        libraries();
      }
      case "log" -> Logged.compare(Path.of(arguments[1]));
      case "limited" -> limited(Path.of(arguments[1]), Path.of(arguments[2]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void embed(Path model) {
    attempt(
        () -> {
          try (FaceEmbedder embedder =
              FaceEmbedder.builder(EmbedderModel.of(ModelFile.of(model))).build()) {
            return embedder.embedAligned(FaceImage.ofBgr(new byte[3 * 112 * 112], 112, 112));
          }
        });
  }

  private static void read(Path file, ImageOptions options) {
    attempt(
        () -> {
          FaceImage image = FaceImage.read(file, options);
          CRC32 checksum = new CRC32();
          checksum.update(image.bgr());
          System.out.printf("pixels %x%n", checksum.getValue());
          return image;
        });
  }

  /** Ends the process if an exception is not one of the library. */
  private static void attempt(Callable<?> work) {
    try {
      System.out.println("worked " + work.call());
    } catch (ImageException e) {
      System.out.println("refused " + e.reason() + " " + e.getMessage());
    } catch (FaceException e) {
      System.out.println(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void readAtOnce(Path file, int threads) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> reads = new ArrayList<>();
    for (int i = 0; i < 4 * threads; i++) {
      reads.add(pool.submit(() -> attempt(() -> FaceImage.read(file))));
    }
    pool.shutdown();
    for (Future<?> one : reads) {
      one.get();
    }
  }

  /** Leaves an image less and less room, until it is refused; what is not must leave some. */
  private static void fill() {
    byte[] pixels = new byte[3 * 2000 * 3000];
    List<byte[]> others = new ArrayList<>();
    try {
      while (true) {
        others.add(new byte[1 << 20]);
        FaceImage image = FaceImage.ofBgr(pixels, 2000, 3000);
        Reference.reachabilityFence(new byte[8 << 20]);
        Reference.reachabilityFence(image);
      }
    } catch (ImageException e) {
      System.out.println("refused beside " + others.size() + " " + e.getMessage());
    }
  }

  /** The native libraries of decoders and networks that this process has loaded. */
  private static void libraries() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    if (Files.exists(maps)) {
      Files.readAllLines(maps).stream()
          .filter(line -> line.matches(".*(opencv|javajpeg|onnxruntime).*"))
          .map(line -> "loaded " + line.replaceAll(".* ", ""))
          .distinct()
          .forEach(System.out::println);
    }
  }

  /** Lets this process have no more memory than it has, and some, once OpenCV is loaded. */
  private static void limited(Path small, Path large) throws Exception {
    read(small, ImageOptions.defaults());
    long size =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmSize:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
            .findFirst()
            .orElseThrow();
    new ProcessBuilder(
            "prlimit", "--pid=" + ProcessHandle.current().pid(), "--as=" + (size + (64L << 20)))
        .inheritIO()
        .start()
        .waitFor();
    read(large, ImageOptions.defaults());
    read(small, ImageOptions.defaults());
  }

  /** Counts what a host would find in its log. */
  private static final class Logged {
    static void compare(Path folder) throws IOException {
      Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
      ListAppender<ILoggingEvent> events = new ListAppender<>();
      events.start();
      root.addAppender(events);
      root.setLevel(Level.INFO);
      FaceModels models =
          FaceModels.of(GeneratedModels.detector(folder), GeneratedModels.embedder(folder));
      FaceImage image = FaceImage.ofBgr(new byte[3 * 160 * 160], 160, 160);
      try (FaceMatcher matcher = FaceMatcher.builder(models).build()) {
        System.out.println("compared " + matcher.compare(image, image).isSamePerson());
      }
      System.out.println("events " + events.list);
    }
  }
}
