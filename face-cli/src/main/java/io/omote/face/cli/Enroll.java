// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonObject;
import io.omote.face.AlignmentException;
import io.omote.face.DuplicateSampleException;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.GalleryEntry;
import io.omote.face.ImageException;
import io.omote.face.attribute.EnrollmentGate;
import io.omote.face.attribute.EnrollmentGate.Shortfall;
import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageFiles;
import io.omote.face.internal.files.ImageFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Enrolls people in a gallery from a folder of images per person. */
@Command(
    name = "enroll",
    mixinStandardHelpOptions = true,
    description = {
      "Enrolls people in a gallery. FOLDER has a subfolder of images for each person.",
      "An image must show exactly one face; other images are reported and left out.",
      "If the run ends early, by Ctrl-C or because the gallery cannot be written to, the gallery"
          + " keeps what was enrolled; run the same command again to enroll the rest."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images are enrolled",
      "1:no result, or the run ended early; the message says why",
      "2:invalid options",
      "3:some images were left out"
    })
final class Enroll implements Callable<Integer> {
  /** The size of a batch, which is one commit to disk. */
  private static final int BATCH = 100;

  private static final int LEFT_OUT = 3;

  @Mixin private final GalleryArgument address = new GalleryArgument();
  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Parameters(
      index = "1",
      paramLabel = "FOLDER",
      description = "folder with a subfolder for each person")
  private Path folder;

  @Option(
      names = "--gate",
      description = "leave out images whose quality is too low for a reference (docs/analysis.md)")
  private boolean gate;

  @Option(names = "--json", description = "print JSON Lines, one object per image")
  private boolean json;

  /** A sample and the file that it is from. */
  private record Sample(Path file, GalleryEntry entry) {}

  /** Samples that are embedded but not yet enrolled. */
  private final List<Sample> pending = new ArrayList<>();

  private int enrolled;
  private int leftOut;

  @Override
  public Integer call() throws IOException {
    FaceModels chosen = models.models();
    List<Path> files = new ArrayList<>();
    for (Path person : ImageFolders.folders(folder)) {
      files.addAll(ImageFolders.images(person));
    }
    try (ShutdownSignal shutdown = new ShutdownSignal();
        FaceDetector detector = FaceDetector.create(chosen);
        FaceEmbedder embedder = FaceEmbedder.create(chosen);
        FaceGallery gallery = address.open(embedder.modelId());
        Progress progress = Progress.ofImages("enrolling", files.size())) {
      try {
        for (Path file : files) {
          if (shutdown.isRaised()) {
            break;
          }
          sample(file, detector, embedder).ifPresent(pending::add);
          progress.step();
          if (pending.size() == BATCH) {
            enrollPending(gallery);
          }
        }
        enrollPending(gallery);
      } catch (RuntimeException | Error e) {
        enrollAfter(e, gallery);
        reportEarlyEnd(files.size());
        throw e;
      }
      if (enrolled + leftOut < files.size()) {
        reportEarlyEnd(files.size());
        return ExitCode.SOFTWARE;
      }
      if (!json) {
        spec.commandLine()
            .getOut()
            .printf(
                Locale.ROOT,
                "%s enrolled, %d left out; the gallery has %s of %s%n",
                Counted.images(enrolled),
                leftOut,
                Counted.samples(gallery.size()),
                Counted.people(gallery.persons()));
      }
      spec.commandLine().getOut().flush();
    }
    return leftOut == 0 ? 0 : LEFT_OUT;
  }

  private Optional<Sample> sample(Path file, FaceDetector detector, FaceEmbedder embedder) {
    Optional<String> problem = FileNames.problem(file);
    if (problem.isPresent()) {
      leaveOut(file, problem.get());
      return Optional.empty();
    }
    try {
      return ImageFiles.within(file, () -> sample(file, FaceImage.read(file), detector, embedder));
    } catch (ImageException | AlignmentException e) {
      leaveOut(file, e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Sample> sample(
      Path file, FaceImage image, FaceDetector detector, FaceEmbedder embedder) {
    List<Face> faces = detector.detect(image);
    if (faces.size() != 1) {
      leaveOut(file, String.format(Locale.ROOT, "expected one face, found %d", faces.size()));
      return Optional.empty();
    }
    if (gate) {
      List<Shortfall> wrong =
          EnrollmentGate.defaults().check(MeasuredQuality.of(image, faces.get(0)));
      if (!wrong.isEmpty()) {
        leaveOut(file, wrong.stream().map(Shortfall::message).collect(Collectors.joining("; ")));
        return Optional.empty();
      }
    }
    FaceEmbedding embedding = embedder.embed(image, faces.get(0));
    try {
      return Optional.of(new Sample(file, new GalleryEntry(person(file), name(file), embedding)));
    } catch (IllegalArgumentException e) {
      leaveOut(file, e.getMessage()); // a name that galleries refuse
      return Optional.empty();
    }
  }

  private static String person(Path file) {
    return FileNames.readable(file.getParent().getFileName());
  }

  private static String name(Path file) {
    return FileNames.readable(file.getFileName());
  }

  /**
   * Enrolls a batch at once or, if one of its samples is refused, each sample by itself. An error
   * of the gallery ends the run.
   */
  private void enrollPending(FaceGallery gallery) {
    if (pending.isEmpty()) {
      return;
    }
    List<Sample> batch = List.copyOf(pending);
    pending.clear();
    try {
      gallery.enroll(batch.stream().map(Sample::entry).toList());
      batch.forEach(this::report);
    } catch (DuplicateSampleException refused) {
      for (Sample sample : batch) {
        try {
          gallery.enroll(List.of(sample.entry));
          report(sample);
        } catch (DuplicateSampleException e) {
          leaveOut(sample.file, e.getMessage());
        }
      }
    }
  }

  /** Enrolls what was embedded before another error ended the run. */
  private void enrollAfter(Throwable wrong, FaceGallery gallery) {
    boolean isInterrupted = Thread.interrupted(); // a gallery refuses to write otherwise
    try {
      enrollPending(gallery);
    } catch (RuntimeException e) {
      wrong.addSuppressed(e);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void reportEarlyEnd(int files) {
    spec.commandLine().getOut().flush();
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "ended early: %s enrolled, %d left out, of %d%n",
            Counted.images(enrolled),
            leftOut,
            files);
    spec.commandLine().getErr().flush();
  }

  private void report(Sample sample) {
    enrolled++;
    if (json) {
      print(sample.file, true, null);
    }
  }

  private void leaveOut(Path file, String why) {
    leftOut++;
    if (json) {
      print(file, false, why);
    } else {
      spec.commandLine()
          .getErr()
          .printf(Locale.ROOT, "left out: %s: %s%n", FileNames.readable(file), why);
      spec.commandLine().getErr().flush();
    }
  }

  private void print(Path file, boolean isEnrolled, @Nullable String problem) {
    JsonObject line = new JsonObject();
    line.addProperty("image", FileNames.readable(file));
    line.addProperty("person", person(file));
    line.addProperty("sample", name(file));
    line.addProperty("enrolled", isEnrolled);
    if (problem != null) {
      line.addProperty("problem", problem);
    }
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
