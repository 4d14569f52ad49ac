// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.GalleryEntry;
import io.omote.face.attribute.EnrollmentGate.Shortfall;
import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageWalk;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Enrolls people in a gallery from a folder of images per person. */
@Command(
    name = "enroll",
    mixinStandardHelpOptions = true,
    description = {
      "Enrolls people in a gallery. FOLDER has a folder for each person, with images in it or in"
          + " folders below it.",
      "An image must show exactly one face or, with --gate, exactly one that is good enough, unless"
          + " --selection chooses one; other images are reported and left out. So is an image that is"
          + " enrolled as somebody else.",
      "If the run ends early, by Ctrl-C or because the gallery cannot be written to, the gallery"
          + " keeps what was enrolled; run the same command again to enroll the rest."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images are enrolled",
      "1:nobody is enrolled, or the run ended early; the message says why",
      "2:invalid options",
      "3:some images were left out, or some people have no sample"
    })
final class Enroll implements Callable<Integer> {
  private static final String EXPECTED = "a folder that has a folder of images for each person";

  /** The number of people whose names fit into a line. */
  private static final int MAX_NAMES = 20;

  @Mixin private final GalleryArgument address = new GalleryArgument();
  @Mixin private final ModelOptions models = new ModelOptions();
  @Mixin private final DetectionOptions detection = new DetectionOptions();
  @Mixin private final SelectionOption selection = new SelectionOption();
  @Mixin private final Answers answers = new Answers();

  @Parameters(
      index = "1",
      paramLabel = "FOLDER",
      description = "folder with a folder for each person")
  private Path folder;

  @ArgGroup(exclusive = false)
  private @Nullable GateOptions gateOptions;

  /** The options for the quality of a reference. */
  static final class GateOptions {
    @Option(
        names = "--gate",
        required = true,
        description =
            "leave out faces whose quality is too low for a reference (docs/analysis.md); of"
                + " several faces in an image, enroll the only one that is good enough")
    private boolean gate;

    @Option(
        names = "--open-eyes",
        description = "with --gate: also leave out faces whose eyes are not both open")
    private boolean openEyes;

    @Option(
        names = "--closed-mouth",
        description = "with --gate: also leave out faces whose mouth is open")
    private boolean closedMouth;

    private ReferenceGate open(int threads) {
      return ReferenceGate.open(openEyes, closedMouth, threads);
    }
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected %s, found %s: %s",
              EXPECTED,
              Files.exists(folder) ? "a file" : "nothing",
              FileNames.readable(folder)));
    }
    ImageWalk walk = answers.walk(List.of(folder), EXPECTED);
    SortedSet<String> people = people(walk);
    if (people.isEmpty()) {
      throw withoutPeople(walk);
    }
    FaceModels chosen = models.models();
    int threads = Batch.threadsPerImage(walk.images().size());
    try (ShutdownSignal shutdown = new ShutdownSignal();
        FaceDetector detector = detection.open(chosen.detector(), threads);
        FaceEmbedder embedder = FaceEmbedder.builder(chosen.embedder()).threads(threads).build();
        ReferenceGate gate = gateOptions == null ? null : gateOptions.open(threads);
        FaceGallery gallery = address.open(embedder.modelId())) {
      Enrollment enrollment = new Enrollment(gallery, chosen, detection, answers);
      int count = walk.images().size();
      try {
        answers.forEach(
            "enrolling",
            walk.images(),
            shutdown::isRaised,
            (at, image) -> sample(image, detector, gate, embedder, gallery),
            enrollment);
        enrollment.flush();
      } catch (RuntimeException | Error e) {
        flushAfter(e, enrollment);
        reportEarlyEnd(count);
        throw e;
      }
      if (answers.successes() + answers.failures() < count) {
        reportEarlyEnd(count);
        return ExitCode.SOFTWARE;
      }
      return end(people, enrollment, gallery);
    }
  }

  /** Returns the names of the folders of people, also of those without images. */
  private SortedSet<String> people(ImageWalk walk) throws IOException {
    Set<Path> omitted =
        walk.omitted().stream().map(ImageWalk.Omitted::path).collect(Collectors.toSet());
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      return StreamSupport.stream(children.spliterator(), false)
          .filter(child -> Files.isDirectory(child) && !omitted.contains(child))
          .map(child -> FileNames.readable(child.getFileName()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Returns the exception for a folder that has only images, which in JSON are reported each. */
  private FaceException withoutPeople(ImageWalk walk) {
    if (answers.isJson()) {
      walk.images().forEach(image -> answers.error(image, noPerson()));
    }
    return new FaceException(
        String.format(
            Locale.ROOT,
            "expected %s, found %s and no folder in %s: put the images of each person into a folder of their own",
            EXPECTED,
            Counted.images(walk.images().size()),
            FileNames.readable(folder)));
  }

  private static FaceException noPerson() {
    return new RefusedImageException(
        "no_person", "the image is in nobody's folder: move it into the folder of a person");
  }

  /** Finds the face of an image. Called by several threads. */
  private Enrollment.Sample sample(
      Path file,
      FaceDetector detector,
      @Nullable ReferenceGate gate,
      FaceEmbedder embedder,
      FaceGallery gallery) {
    Path relative = folder.relativize(file);
    if (relative.getNameCount() == 1) {
      throw noPerson();
    }
    FaceImage image = FaceImage.read(file);
    List<Face> faces = detector.detect(image);
    Face face = choose(image, faces, gate);
    FaceEmbedding embedding = embedder.embed(image, face);
    GalleryEntry entry;
    try {
      entry = new GalleryEntry(relative.getName(0).toString(), sampleName(relative), embedding);
    } catch (IllegalArgumentException e) {
      throw new RefusedImageException("invalid_name", e.getMessage());
    }
    return new Enrollment.Sample(entry, face, faces.size(), gallery.search(embedding, 2));
  }

  /** Returns the path in the folder of the person, which is the same on all systems. */
  private static String sampleName(Path relative) {
    List<String> names = new ArrayList<>();
    relative.subpath(1, relative.getNameCount()).forEach(name -> names.add(name.toString()));
    return String.join("/", names);
  }

  private Face choose(FaceImage image, List<Face> faces, @Nullable ReferenceGate gate) {
    if (faces.isEmpty()) {
      throw new RefusedImageException(
          "no_face",
          detection.isUpright()
              ? "expected an upright face, found none: use an image in which the face is larger or turned to the camera, or see --orientation"
              : "expected a face, found none: use an image in which the face is larger or turned to the camera");
    }
    FaceSelection chosen = selection.or(FaceSelection.ONLY);
    Face face;
    if (chosen == FaceSelection.ONLY && faces.size() > 1) {
      face = gate == null ? refuseSeveral(faces.size()) : onlyFitFace(image, faces);
    } else {
      face = chosen.select(faces, image.width(), image.height()).orElseThrow();
    }
    List<Shortfall> shortfalls = gate == null ? List.of() : gate.check(image, face);
    if (!shortfalls.isEmpty()) {
      throw new RefusedImageException("low_quality", messages(shortfalls));
    }
    return face;
  }

  private static Face refuseSeveral(int count) {
    throw new RefusedImageException(
        "several_faces",
        String.format(
            Locale.ROOT,
            "expected one face, found %d: crop the image, or see --gate and --selection",
            count));
  }

  /**
   * Returns the face that is good enough. Eyes and mouth do not count here: of two people in an
   * image, the one who does not smile is not therefore the person of the folder.
   */
  private static Face onlyFitFace(FaceImage image, List<Face> faces) {
    List<Face> fit = faces.stream().filter(face -> ReferenceGate.isFit(image, face)).toList();
    if (fit.isEmpty()) {
      throw new RefusedImageException(
          "low_quality",
          String.format(
              Locale.ROOT,
              "expected a face of sufficient quality, found none of %d",
              faces.size()));
    }
    if (fit.size() > 1) {
      throw new RefusedImageException(
          "several_faces",
          String.format(
              Locale.ROOT,
              "expected one face of sufficient quality, found %d: crop the image, or see --selection",
              fit.size()));
    }
    return fit.get(0);
  }

  private static String messages(List<Shortfall> shortfalls) {
    return shortfalls.stream().map(Shortfall::message).collect(Collectors.joining("; "));
  }

  /** Enrolls what was embedded before another error ended the run. */
  private static void flushAfter(Throwable wrong, Enrollment enrollment) {
    boolean isInterrupted = Thread.interrupted(); // a gallery refuses to write otherwise
    try {
      enrollment.flush();
    } catch (RuntimeException e) {
      wrong.addSuppressed(e);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void reportEarlyEnd(int images) {
    answers.note(
        "ended early: %s enrolled, %d left out, of %d",
        Counted.images(answers.successes()), answers.failures(), images);
  }

  private int end(SortedSet<String> people, Enrollment enrollment, FaceGallery gallery) {
    people.removeAll(enrollment.people());
    if (!people.isEmpty()) {
      gallery.forEach(entry -> people.remove(entry.person())); // enrolled by earlier runs
    }
    detection.hint(answers);
    int exitCode = answers.end();
    if (answers.isJson()) {
      answers.object(json(people, gallery));
    } else {
      print(people, enrollment, gallery);
    }
    if (answers.successes() == 0) {
      answers.note("nobody is enrolled: expected %s, each with a face", EXPECTED);
    }
    return exitCode == ExitCode.OK && !people.isEmpty() ? Answers.SOME_FAILED : exitCode;
  }

  private JsonObject json(SortedSet<String> withoutSample, FaceGallery gallery) {
    JsonObject summary = new JsonObject();
    summary.addProperty("enrolled", answers.successes());
    summary.addProperty("leftOut", answers.failures());
    summary.add("gallery", Answers.size(gallery.size(), gallery.persons()));
    JsonArray names = new JsonArray();
    withoutSample.forEach(names::add);
    summary.add("withoutSample", names);
    return summary;
  }

  private void print(SortedSet<String> withoutSample, Enrollment enrollment, FaceGallery gallery) {
    if (!withoutSample.isEmpty()) {
      int shown = answers.isVerbose() ? withoutSample.size() : MAX_NAMES;
      int others = Math.max(0, withoutSample.size() - shown);
      answers.note(
          "without a sample: %s%s",
          withoutSample.stream().limit(shown).collect(Collectors.joining(", ")),
          others == 0
              ? ""
              : String.format(Locale.ROOT, " and %d others (--verbose names each)", others));
    }
    answers.text(
        "%s enrolled%s, %d left out; the gallery has %s of %s",
        Counted.images(answers.successes()),
        enrollment.remarks(),
        answers.failures(),
        Counted.samples(gallery.size()),
        Counted.people(gallery.persons()));
  }
}
