// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.JsonObject;
import io.omote.face.AlignmentException;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceDetector;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.FaceImage;
import io.omote.face.FaceModels;
import io.omote.face.IdentificationPolicy;
import io.omote.face.cli.files.Outputs;
import io.omote.face.cli.image.DisplayedImage;
import io.omote.face.cli.image.FaceCover;
import io.omote.face.cli.messages.OptionException;
import io.omote.face.internal.files.FileNames;
import io.omote.face.internal.files.ImageFile;
import io.omote.face.internal.files.ImageWalk;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Covers faces in images, so that the images can be published. */
@Command(
    name = "blur",
    mixinStandardHelpOptions = true,
    description = {
      "Writes images in which faces cannot be recognized, without the metadata of the files."
          + " Folders are searched for images.",
      "A face that the detector misses stays visible: look at each image before you publish it.",
      "Images in which no face was covered are written, too, and listed at the end."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were written, and a face was found in each",
      "1:no result; the message says why",
      "2:invalid options",
      "3:some images could not be read and were not written",
      "4:all images were written, but in some no face was found: they are unchanged"
    })
final class Blur implements Callable<Integer> {
  private static final double FPIR = 0.01;

  private static final int NO_FACE = 4;

  @Mixin private final ModelOptions models = new ModelOptions();
  @Mixin private final DetectionOptions detection = new DetectionOptions();
  @Mixin private final Answers answers = new Answers();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FOLDER",
      description =
          "folder for the images, under their names, and under their paths in the folders that are"
              + " searched; a name that says no format to write gets .jpg or .png; existing files"
              + " are never replaced")
  private Path output;

  @Option(
      names = "--how",
      paramLabel = "HOW",
      defaultValue = "blur",
      description = "blur, mosaic or fill; by default ${DEFAULT-VALUE}")
  private FaceCover how;

  @ArgGroup(exclusive = false)
  private @Nullable Except except;

  /** The options for people who stay visible. */
  static final class Except {
    @Option(
        names = "--except",
        required = true,
        paramLabel = "GALLERY",
        converter = GalleryLocation.Address.class,
        description =
            "gallery of people who stay visible: folder, or JDBC URL of a PostgreSQL with pgvector")
    private String gallery;

    @Option(
        names = "--except-name",
        paramLabel = "NAME",
        defaultValue = "faces",
        converter = GalleryLocation.Name.class,
        description = "name of the gallery in a database; by default ${DEFAULT-VALUE}")
    private String name;

    @Option(
        names = "--threshold",
        paramLabel = "COSINE",
        description =
            "minimum similarity at which a face stays visible; by default at most 1 in 100 other"
                + " people stays visible, which fails if no measurement supports it")
    private @Nullable Double threshold;
  }

  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "FILE_OR_FOLDER",
      description = "images, and folders of images")
  private List<Path> inputs;

  private final List<Path> withoutFace = new ArrayList<>();
  private final List<Path> withoutCover = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    ImageWalk images = answers.walk(inputs, Answers.IMAGES);
    List<Path> outputs = outputs(images);
    Outputs.check(outputs);
    checkInside(outputs);
    Files.createDirectories(output);
    int threads = Batch.threadsPerImage(outputs.size());
    FaceModels chosen = models.models();
    try (FaceDetector detector = detection.open(chosen.detector(), threads)) {
      if (except == null) {
        write(outputs, detector, face -> true);
      } else {
        try (FaceEmbedder embedder =
                FaceEmbedder.builder(chosen.embedder()).threads(threads).build();
            FaceGallery gallery =
                new GalleryLocation(except.gallery, except.name).openToRead(embedder.modelId())) {
          IdentificationPolicy policy =
              except.threshold == null
                  ? chosen.identificationPolicy(FPIR)
                  : OptionException.check(
                      "--threshold", () -> IdentificationPolicy.ofThreshold(except.threshold));
          write(outputs, detector, face -> isOther(face, embedder, gallery, policy));
        }
      }
    }
    return end();
  }

  private int end() {
    reportUnchanged("all stay visible", withoutCover);
    reportUnchanged("no face found", withoutFace);
    detection.hint(answers);
    int exitCode = answers.end();
    return exitCode == ExitCode.OK && !withoutFace.isEmpty() ? NO_FACE : exitCode;
  }

  /** Returns the files to write: under the paths that images have in the inputs. */
  private List<Path> outputs(ImageWalk images) {
    List<Path> outputs = new ArrayList<>();
    for (int at = 0; at < images.images().size(); at++) {
      outputs.add(output(images.images().get(at), output.resolve(images.inInput(at))));
    }
    return outputs;
  }

  /** Adds an extension to a name of which none says how to write the file. */
  private static Path output(Path image, Path place) {
    if (ImageFile.isWritable(place) || FileNames.problem(image).isPresent()) {
      return place;
    }
    boolean isJpeg = ImageWalk.kindOf(image).equals("JPEG");
    return place.resolveSibling(place.getFileName() + (isJpeg ? ".jpg" : ".png"));
  }

  /** Refuses links in the folder for the images that lead out of it. */
  private void checkInside(List<Path> outputs) throws IOException {
    if (!Files.isDirectory(output)) {
      return;
    }
    Path inside = output.toRealPath();
    Set<Path> folders = outputs.stream().map(Outputs::folder).collect(Collectors.toSet());
    for (Path folder : folders) {
      Path there = folder;
      while (!Files.exists(there)) {
        there = there.getParent();
      }
      if (!there.toRealPath().startsWith(inside)) {
        throw new OptionException(
            String.format(Locale.ROOT, "%s leads out of %s: choose another folder", there, output));
      }
    }
  }

  /**
   * A detected face.
   *
   * @param image the variant of the image that it was detected in
   * @param face the face
   */
  private record Found(FaceImage image, Face face) {}

  /**
   * The answer for an image.
   *
   * @param output the file that was written
   * @param faces all faces
   * @param covered the number of covered faces
   */
  private record Answer(Path output, List<Face> faces, int covered) {}

  private interface Choice {
    boolean isCovered(Found face);
  }

  private void write(List<Path> outputs, FaceDetector detector, Choice choice) throws IOException {
    answers.forEach(
        "covering faces",
        (at, image) -> write(image, outputs.get(at), detector, choice),
        this::print);
  }

  private Answer write(Path file, Path written, FaceDetector detector, Choice choice)
      throws IOException {
    DisplayedImage shown = DisplayedImage.read(file);
    List<Found> faces = faces(detector, shown);
    List<Found> covered = faces.stream().filter(choice::isCovered).toList();
    BufferedImage drawing = shown.toBufferedImage();
    covered.forEach(face -> how.cover(drawing, face.face.box()));
    Files.createDirectories(Outputs.folder(written));
    ImageFile.write(drawing, written);
    return new Answer(written, faces.stream().map(Found::face).toList(), covered.size());
  }

  private void print(Path image, Answer answer) {
    detection.count(answer.faces);
    JsonObject json = new JsonObject();
    json.addProperty("output", FileNames.readable(answer.output));
    json.addProperty("faces", answer.faces.size());
    json.addProperty("covered", answer.covered);
    if (answer.faces.isEmpty()) {
      withoutFace.add(answer.output);
      json.addProperty("unchanged", "no_face");
    } else if (answer.covered == 0) {
      withoutCover.add(answer.output);
      json.addProperty("unchanged", "all_visible");
    }
    if (answers.isJson()) {
      answers.object(image, json);
    }
    answers.text(
        "%s: %d of %d faces covered",
        FileNames.readable(answer.output), answer.covered, answer.faces.size());
  }

  /**
   * Detects faces in the stored colors, even where transparency hides them, and in what a viewer
   * shows on a light and on a dark background if the image has transparency.
   */
  private static List<Found> faces(FaceDetector detector, DisplayedImage shown) {
    List<Found> faces = new ArrayList<>();
    FaceImage stored = shown.stored();
    detector.detect(stored).forEach(face -> faces.add(new Found(stored, face)));
    if (!shown.isOpaque()) {
      for (FaceImage seen : List.of(shown.onWhite(), shown.onBlack())) {
        for (Face face : detector.detect(seen)) {
          if (faces.stream().noneMatch(known -> isSame(known.face.box(), face.box()))) {
            faces.add(new Found(seen, face));
          }
        }
      }
    }
    return faces;
  }

  /** Returns whether two boxes are so close that covering one covers the other. */
  private static boolean isSame(BoundingBox one, BoundingBox other) {
    return Math.abs(one.left() - other.left()) < 0.1 * one.width()
        && Math.abs(one.right() - other.right()) < 0.1 * one.width()
        && Math.abs(one.top() - other.top()) < 0.1 * one.height()
        && Math.abs(one.bottom() - other.bottom()) < 0.1 * one.height();
  }

  private void reportUnchanged(String why, List<Path> files) {
    if (!files.isEmpty()) {
      answers.text(
          "unchanged, %s (%d): %s",
          why,
          files.size(),
          files.stream().map(FileNames::readable).collect(Collectors.joining(", ")));
    }
  }

  /** A face that cannot be embedded counts as another person's. */
  private static boolean isOther(
      Found found, FaceEmbedder embedder, FaceGallery gallery, IdentificationPolicy policy) {
    FaceEmbedding embedding;
    try {
      embedding = embedder.embed(found.image, found.face);
    } catch (AlignmentException e) {
      return true;
    }
    // A run may take hours: people removed meanwhile must not stay visible.
    GalleryLocation.refresh(gallery);
    return gallery.identify(embedding, policy).isEmpty();
  }
}
