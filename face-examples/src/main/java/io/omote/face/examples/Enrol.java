// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

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
import io.omote.face.PictureException;
import io.omote.face.QualityMeasurement;
import io.omote.face.attribute.EnrolmentGate;
import io.omote.face.attribute.EnrolmentGate.Shortfall;
import io.omote.face.examples.evaluation.PersonFolders;
import io.omote.face.examples.files.FileNames;
import io.omote.face.examples.files.ImageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Enrols people in a gallery from a folder of pictures for each. */
@Command(
    name = "enrol",
    mixinStandardHelpOptions = true,
    description = {
      "Enrols the people of FOLDER, which has a folder of pictures for each, in a gallery.",
      "A picture must show one face; others are reported and left out, never guessed.",
      "Where the run ends early, by Ctrl-C or because the gallery cannot be written to, what was"
          + " enrolled until then stays; the same command again takes up the rest."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all pictures are enrolled",
      "1:no result, or the run ended early; the text says why",
      "2:wrong options",
      "3:some pictures were left out"
    })
final class Enrol implements Callable<Integer> {
  /** A batch is one commit to disk. */
  private static final int BATCH = 100;

  private static final int LEFT_OUT = 3;

  @Mixin private final GalleryAddress address = new GalleryAddress();
  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Parameters(index = "1", paramLabel = "FOLDER", description = "has a folder for each person")
  private Path folder;

  @Option(
      names = "--gate",
      description =
          "leave out pictures that fall short of what docs/analysis.md asks of references")
  private boolean gate;

  @Option(names = "--json", description = "print JSON Lines, one object for each picture")
  private boolean json;

  /** A sample, and where it is from. */
  private record Sample(Path picture, GalleryEntry entry) {}

  /** Embedded, and not in the gallery yet. */
  private final List<Sample> pending = new ArrayList<>();

  private int enrolled;
  private int leftOut;

  @Override
  public Integer call() throws IOException {
    FaceModels chosen = models.models();
    List<Path> pictures = new ArrayList<>();
    for (Path person : PersonFolders.folders(folder)) {
      pictures.addAll(PersonFolders.pictures(person));
    }
    try (Ending ending = new Ending();
        FaceDetector detector = FaceDetector.create(chosen);
        FaceEmbedder embedder = FaceEmbedder.create(chosen);
        FaceGallery gallery = address.open(embedder.modelId());
        ProgressBar progress = Progress.ofPictures("enrolling", pictures.size())) {
      try {
        for (Path picture : pictures) {
          if (ending.hasBegun()) {
            break;
          }
          sample(picture, detector, embedder).ifPresent(pending::add);
          progress.step();
          if (pending.size() == BATCH) {
            keep(gallery);
          }
        }
        keep(gallery);
      } catch (RuntimeException | Error e) {
        keepAfter(e, gallery);
        sayEnd(pictures.size());
        throw e;
      }
      if (enrolled + leftOut < pictures.size()) {
        sayEnd(pictures.size());
        return ExitCode.SOFTWARE;
      }
      if (!json) {
        spec.commandLine()
            .getOut()
            .printf(
                Locale.ROOT,
                "%d pictures enrolled, %d left out; the gallery has %d samples of %d persons%n",
                enrolled,
                leftOut,
                gallery.size(),
                gallery.persons());
      }
      spec.commandLine().getOut().flush();
    }
    return leftOut == 0 ? 0 : LEFT_OUT;
  }

  private Optional<Sample> sample(Path picture, FaceDetector detector, FaceEmbedder embedder) {
    Optional<String> problem = FileNames.problem(picture);
    if (problem.isPresent()) {
      leaveOut(picture, problem.get());
      return Optional.empty();
    }
    try {
      return ImageFiles.within(
          picture, () -> sample(picture, FaceImage.read(picture), detector, embedder));
    } catch (PictureException | AlignmentException e) {
      leaveOut(picture, e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Sample> sample(
      Path picture, FaceImage image, FaceDetector detector, FaceEmbedder embedder) {
    List<Face> faces = detector.detect(image);
    if (faces.size() != 1) {
      leaveOut(picture, String.format(Locale.ROOT, "expected one face, found %d", faces.size()));
      return Optional.empty();
    }
    if (gate) {
      List<Shortfall> wrong =
          EnrolmentGate.defaults().check(QualityMeasurement.of(image, faces.get(0)));
      if (!wrong.isEmpty()) {
        leaveOut(picture, wrong.stream().map(Shortfall::message).collect(Collectors.joining("; ")));
        return Optional.empty();
      }
    }
    FaceEmbedding embedding = embedder.embed(image, faces.get(0));
    try {
      return Optional.of(
          new Sample(picture, new GalleryEntry(person(picture), name(picture), embedding)));
    } catch (IllegalArgumentException e) {
      leaveOut(picture, e.getMessage()); // a name that galleries do not take
      return Optional.empty();
    }
  }

  private static String person(Path picture) {
    return FileNames.readable(picture.getParent().getFileName());
  }

  private static String name(Path picture) {
    return FileNames.readable(picture.getFileName());
  }

  /**
   * A whole batch at once; where a sample of it is refused, each by itself. What is wrong with the
   * gallery ends the run.
   */
  private void keep(FaceGallery gallery) {
    if (pending.isEmpty()) {
      return;
    }
    List<Sample> batch = List.copyOf(pending);
    pending.clear();
    try {
      gallery.enrol(batch.stream().map(Sample::entry).toList());
      batch.forEach(this::say);
    } catch (DuplicateSampleException refused) {
      for (Sample sample : batch) {
        try {
          gallery.enrol(List.of(sample.entry));
          say(sample);
        } catch (DuplicateSampleException e) {
          leaveOut(sample.picture, e.getMessage());
        }
      }
    }
  }

  /** What was embedded before something else went wrong is not lost. */
  private void keepAfter(Throwable wrong, FaceGallery gallery) {
    boolean isInterrupted = Thread.interrupted(); // a gallery would not write
    try {
      keep(gallery);
    } catch (RuntimeException e) {
      wrong.addSuppressed(e);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void sayEnd(int pictures) {
    spec.commandLine().getOut().flush();
    spec.commandLine()
        .getErr()
        .printf(
            Locale.ROOT,
            "ended early: %d pictures enrolled, %d left out, of %d%n",
            enrolled,
            leftOut,
            pictures);
    spec.commandLine().getErr().flush();
  }

  private void say(Sample sample) {
    enrolled++;
    if (json) {
      print(sample.picture, true, null);
    }
  }

  private void leaveOut(Path picture, String why) {
    leftOut++;
    if (json) {
      print(picture, false, why);
    } else {
      spec.commandLine()
          .getErr()
          .printf(Locale.ROOT, "left out: %s: %s%n", FileNames.readable(picture), why);
      spec.commandLine().getErr().flush();
    }
  }

  private void print(Path picture, boolean isEnrolled, String problem) {
    JsonObject line = new JsonObject();
    line.addProperty("image", FileNames.readable(picture));
    line.addProperty("person", person(picture));
    line.addProperty("sample", name(picture));
    line.addProperty("enrolled", isEnrolled);
    if (problem != null) {
      line.addProperty("problem", problem);
    }
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  public static void main(String[] args) {
    Examples.main(new Enrol(), args);
  }
}
