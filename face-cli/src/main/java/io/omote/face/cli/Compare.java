// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonObject;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceException;
import io.omote.face.FaceImage;
import io.omote.face.FaceMatch;
import io.omote.face.FaceMatcher;
import io.omote.face.FaceModels;
import io.omote.face.FaceSelection;
import io.omote.face.ImageException;
import io.omote.face.SelectedFace;
import io.omote.face.cli.analysis.AnalysisJson;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.evaluation.OperatingPointFile;
import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageFiles;
import io.omote.face.internal.files.ImageWalk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares the face of a reference image with the faces of others. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Decides whether images show the same person as a reference image. Folders are searched for"
          + " images.",
      "Of several faces in an image the central one counts, unless --selection says otherwise. An"
          + " image that cannot be compared does not end the run."
    },
    exitCodeOnExecutionException = Compare.TROUBLE,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all show the same person",
      "1:some show a different person",
      "2:some could not be compared, or invalid options; the message says why"
    })
final class Compare implements Callable<Integer> {
  static final int TROUBLE = 2;

  private static final int DIFFERENT = 1;

  @Mixin private final ModelOptions models = new ModelOptions();
  @Mixin private final SelectionOption selection = new SelectionOption();
  @Mixin private final DetectionOptions detection = new DetectionOptions();
  @Mixin private final Answers answers = new Answers();

  @ArgGroup private final Decision decision = new Decision();

  /** The options for the threshold; by default it is that of the models. */
  static final class Decision {
    @Option(
        names = "--threshold",
        paramLabel = "COSINE",
        description = "minimum similarity at which two faces are considered the same person")
    private @Nullable Double threshold;

    @Option(
        names = "--operating-point",
        paramLabel = "FILE",
        description = "operating point that omote calibrate wrote for these models")
    private @Nullable Path operatingPoint;

    FaceMatcher matcher(FaceDetector detector, FaceEmbedder embedder) {
      FaceMatcher.Builder builder = FaceMatcher.builder(detector, embedder);
      if (threshold != null) {
        OptionException.check("--threshold", () -> builder.threshold(threshold));
      }
      if (operatingPoint != null) {
        builder.operatingPoint(OperatingPointFile.read(operatingPoint));
      }
      return builder.build();
    }
  }

  @Parameters(
      index = "0",
      paramLabel = "REFERENCE",
      description = "image to compare the others with")
  private Path reference;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PROBE_OR_FOLDER",
      description = "other images, and folders of images")
  private List<Path> probes;

  /** The face of the reference, once it is known. */
  private @Nullable EmbeddedFace known;

  private boolean isSomebodyElse;

  /**
   * The face of an image that counts.
   *
   * @param face the face, and the number of faces
   * @param embedding its embedding
   */
  private record EmbeddedFace(SelectedFace face, FaceEmbedding embedding) {}

  @Override
  public Integer call() throws IOException {
    if (Files.isDirectory(reference)) {
      throw new FaceException(
          String.format(
              Locale.ROOT,
              "expected an image as the reference, found a folder: %s",
              FileNames.readable(reference)));
    }
    ImageWalk images = answers.walk(reference, probes, Answers.IMAGES);
    int threads = Batch.threadsPerImage(images.images().size());
    FaceModels chosen = models.models();
    try (FaceDetector detector = detection.open(chosen.detector(), threads);
        FaceEmbedder embedder = FaceEmbedder.builder(chosen.embedder()).threads(threads).build();
        FaceMatcher matcher = decision.matcher(detector, embedder);
        TurnedFaces turned = new TurnedFaces(chosen.detector())) {
      // The reference is the first image.
      answers.forEach(
          "comparing",
          () -> known == null && answers.failures() > 0,
          (at, image) -> embed(image, detector, embedder, turned),
          (image, face) -> compare(image, face, matcher, images.isGiven(image), turned));
    }
    int exitCode = answers.end();
    if (exitCode != ExitCode.OK) {
      return TROUBLE;
    }
    return isSomebodyElse ? DIFFERENT : ExitCode.OK;
  }

  private FaceSelection chosenSelection() {
    return selection.or(FaceSelection.CENTRAL);
  }

  private EmbeddedFace embed(
      Path file, FaceDetector detector, FaceEmbedder embedder, TurnedFaces turned) {
    FaceImage image = FaceImage.read(file);
    SelectedFace face =
        detector.detectOne(image, chosenSelection()).orElseThrow(() -> noFace(hint(image, turned)));
    return new EmbeddedFace(face, embedder.embed(image, face.face()));
  }

  /** Returns the hint if the face of an image does not stand upright, as comparisons need it. */
  private Optional<String> hint(FaceImage image, TurnedFaces turned) {
    return detection.isUpright() ? turned.hint(image, FaceSelection.CENTRAL) : Optional.empty();
  }

  private static ImageException noFace(Optional<String> hint) {
    return hint.map(
            reason ->
                new ImageException(
                    ImageException.Reason.NO_FACE, "an upright face", "none", reason, null))
        .orElseGet(ImageException::noFace);
  }

  private void compare(
      Path image, EmbeddedFace face, FaceMatcher matcher, boolean isGiven, TurnedFaces turned) {
    boolean hasNameOfReference =
        known != null && image.getFileName().equals(reference.getFileName());
    String name = FileNames.readable(isGiven && !hasNameOfReference ? image.getFileName() : image);
    if (face.face.faceCount() > 1) {
      answers.text(
          "%s: %s, the %s one counts",
          name,
          Counted.faces(face.face.faceCount()),
          chosenSelection().name().toLowerCase(Locale.ROOT));
    }
    if (known == null) {
      known = face;
      return;
    }
    FaceMatch match = matcher.compare(known.embedding, face.embedding);
    isSomebodyElse |= !match.isSamePerson();
    Optional<String> hint = Optional.empty();
    Optional<String> referenceHint = Optional.empty();
    if (!match.isSamePerson() && isGiven) { // in a folder most are different
      hint = hint(image, turned);
      referenceHint = hint(reference, turned);
    }
    if (answers.isJson()) {
      JsonObject json = json(match);
      json.add("face", json(face.face, hint));
      json.add("referenceFace", json(known.face, referenceHint));
      answers.object(image, json);
      return;
    }
    String referenceName =
        FileNames.readable(hasNameOfReference ? reference : reference.getFileName());
    answers.text(
        "%s and %s: similarity %.4f, threshold %.4f: %s",
        referenceName,
        name,
        match.similarity(),
        match.threshold(),
        match.isSamePerson() ? "same person" : "different people");
    hint.ifPresent(text -> answers.text("  %s: %s", name, text));
    referenceHint.ifPresent(text -> answers.text("  %s: %s", referenceName, text));
  }

  private Optional<String> hint(Path file, TurnedFaces turned) {
    try {
      return hint(ImageFiles.read(file), turned);
    } catch (ImageException e) {
      return Optional.empty(); // it was read before: the comparison stands without a hint
    }
  }

  private JsonObject json(FaceMatch match) {
    JsonObject json = new JsonObject();
    json.addProperty("reference", FileNames.readable(reference));
    json.addProperty("similarity", match.similarity());
    json.addProperty("threshold", match.threshold());
    json.addProperty("samePerson", match.isSamePerson());
    return json;
  }

  private static JsonObject json(SelectedFace face, Optional<String> hint) {
    JsonObject json = AnalysisJson.place(face.face());
    json.addProperty("of", face.faceCount());
    hint.ifPresent(text -> json.addProperty("hint", text));
    return json;
  }
}
