// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import com.google.gson.JsonObject;
import io.omote.face.AlignmentException;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.PictureException;
import io.omote.face.QualityMeasurement;
import io.omote.face.attribute.EnrolmentGate;
import io.omote.face.attribute.EnrolmentGate.Shortfall;
import io.omote.face.examples.evaluation.PersonFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
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
      "A picture must show one face; others are reported and left out, never guessed."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all pictures are enrolled",
      "1:no result, the text says why",
      "2:wrong options",
      "3:some pictures were left out"
    })
final class Enrol implements Callable<Integer> {
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

  private int enrolled;
  private int leftOut;

  @Override
  public Integer call() throws IOException {
    FaceModels chosen = models.models();
    List<Path> pictures = new ArrayList<>();
    for (Path person : PersonFolders.folders(folder)) {
      pictures.addAll(PersonFolders.pictures(person));
    }
    try (FaceDetector detector = FaceDetector.create(chosen);
        FaceEmbedder embedder = FaceEmbedder.create(chosen);
        FaceGallery gallery = address.open(embedder.modelId());
        ProgressBar progress = Progress.ofPictures("enrolling", pictures.size())) {
      List<GalleryEntry> batch = new ArrayList<>();
      List<Path> files = new ArrayList<>();
      for (Path picture : pictures) {
        entry(picture, detector, embedder)
            .ifPresent(
                entry -> {
                  batch.add(entry);
                  files.add(picture);
                });
        progress.step();
        if (batch.size() == BATCH) {
          keep(gallery, batch, files);
        }
      }
      keep(gallery, batch, files);
      if (!json) {
        spec.commandLine()
            .getOut()
            .printf(
                "%d pictures enrolled, %d left out; the gallery has %d samples of %d persons%n",
                enrolled, leftOut, gallery.size(), gallery.persons());
      }
      spec.commandLine().getOut().flush();
    }
    return leftOut == 0 ? 0 : LEFT_OUT;
  }

  private Optional<GalleryEntry> entry(Path picture, FaceDetector detector, FaceEmbedder embedder) {
    try {
      FaceImage image = FaceImage.read(picture);
      List<Face> faces = detector.detect(image);
      if (faces.size() != 1) {
        leaveOut(picture, "expected one face, found %d".formatted(faces.size()));
        return Optional.empty();
      }
      if (gate) {
        List<Shortfall> wrong =
            EnrolmentGate.defaults().check(QualityMeasurement.of(image, faces.get(0)));
        if (!wrong.isEmpty()) {
          leaveOut(
              picture, wrong.stream().map(Shortfall::message).collect(Collectors.joining("; ")));
          return Optional.empty();
        }
      }
      return Optional.of(
          new GalleryEntry(person(picture), sample(picture), embedder.embed(image, faces.get(0))));
    } catch (PictureException | AlignmentException | IllegalArgumentException e) {
      leaveOut(picture, e.getMessage());
      return Optional.empty();
    }
  }

  private static String person(Path picture) {
    return picture.getParent().getFileName().toString();
  }

  private static String sample(Path picture) {
    return picture.getFileName().toString();
  }

  /** A whole batch at once; where one of it is refused, each by itself. */
  private void keep(FaceGallery gallery, List<GalleryEntry> batch, List<Path> files) {
    try {
      gallery.enrol(batch);
      files.forEach(this::say);
    } catch (GalleryException refused) {
      for (int i = 0; i < batch.size(); i++) {
        try {
          gallery.enrol(List.of(batch.get(i)));
          say(files.get(i));
        } catch (GalleryException e) {
          leaveOut(files.get(i), e.getMessage());
        }
      }
    }
    batch.clear();
    files.clear();
  }

  private void say(Path picture) {
    enrolled++;
    if (json) {
      print(picture, true, null);
    }
  }

  private void leaveOut(Path picture, String why) {
    leftOut++;
    if (json) {
      print(picture, false, why);
    } else {
      spec.commandLine().getErr().printf("left out: %s: %s%n", picture, why);
      spec.commandLine().getErr().flush();
    }
  }

  private void print(Path picture, boolean isEnrolled, String problem) {
    JsonObject line = new JsonObject();
    line.addProperty("image", picture.toString());
    line.addProperty("person", person(picture));
    line.addProperty("sample", sample(picture));
    line.addProperty("enrolled", isEnrolled);
    if (problem != null) {
      line.addProperty("problem", problem);
    }
    spec.commandLine().getOut().println(line);
  }

  public static void main(String[] args) {
    Examples.main(new Enrol(), args);
  }
}
