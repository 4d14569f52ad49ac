// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
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
import io.omote.face.ImageException;
import io.omote.face.cli.files.Outputs;
import io.omote.face.cli.image.DisplayedImage;
import io.omote.face.cli.image.FaceCover;
import io.omote.face.internal.files.ImageFile;
import io.omote.face.internal.files.ImageFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Covers faces in images, so that the images can be published. */
@Command(
    name = "blur",
    mixinStandardHelpOptions = true,
    description = {
      "Writes images in which faces cannot be recognized, without the metadata of the files.",
      "A face that the detector misses stays visible: look at each image before you publish it.",
      "Images in which no face was covered are written, too, and listed at the end."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were written, and a face was found in each",
      "1:some images could not be read and were not written, or no result; the message says why",
      "2:invalid options",
      "3:all images were written, but in some no face was found: they are unchanged"
    })
final class Blur implements Callable<Integer> {
  private static final double FPIR = 0.01;

  private static final int NO_FACE = 3;

  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  @Mixin private final ModelOptions models = new ModelOptions();
  @Spec private CommandSpec spec;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FOLDER",
      description = "folder for the images, under their names; existing files are never replaced")
  private Path output;

  @Option(
      names = "--how",
      paramLabel = "HOW",
      defaultValue = "blur",
      description = "blur, mosaic or fill; by default ${DEFAULT-VALUE}")
  private FaceCover how;

  @Option(names = "--json", description = "print JSON Lines, one object per image")
  private boolean json;

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

  @Parameters(index = "0..*", arity = "1..*", paramLabel = "IMAGE", description = "images")
  private List<Path> files;

  @Override
  public Integer call() throws IOException {
    check();
    FaceModels chosen = models.models();
    try (FaceDetector detector = FaceDetector.create(chosen)) {
      if (except == null) {
        return write(detector, face -> true);
      }
      try (FaceEmbedder embedder = FaceEmbedder.create(chosen);
          FaceGallery gallery =
              new GalleryLocation(except.gallery, except.name).openToRead(embedder.modelId())) {
        IdentificationPolicy policy =
            except.threshold == null
                ? chosen.identificationPolicy(FPIR)
                : IdentificationPolicy.ofThreshold(except.threshold);
        return write(detector, face -> isOther(face, embedder, gallery, policy));
      }
    }
  }

  /** Refuses wrong names and existing outputs before any work is done. */
  private void check() throws IOException {
    for (Path file : files) {
      if (!ImageFile.isWritable(file)) {
        throw new ParameterException(
            spec.commandLine(),
            String.format(
                Locale.ROOT,
                "expected images whose names end in one of %s, found %s",
                ImageFile.endings(),
                file));
      }
    }
    Outputs.check(files.stream().map(this::fileOf).toList());
    Files.createDirectories(output);
  }

  private Path fileOf(Path file) {
    return output.resolve(file.getFileName());
  }

  /**
   * A line of JSON with its keys in this order. An error excludes the other values; the reason for
   * an unchanged image is present only for unchanged images.
   */
  private record Line(
      String image,
      @Nullable String output,
      @Nullable Integer faces,
      @Nullable Integer covered,
      @Nullable String unchanged,
      @Nullable String error) {}

  /**
   * A detected face.
   *
   * @param image the variant of the image that it was detected in
   * @param face the face
   */
  private record Found(FaceImage image, Face face) {}

  /**
   * The number of faces of an image.
   *
   * @param faces the number of all faces
   * @param covered the number of covered faces
   */
  private record Count(int faces, int covered) {}

  private interface Choice {
    boolean isCovered(Found face);
  }

  private int write(FaceDetector detector, Choice choice) throws IOException {
    boolean allRead = true;
    List<Path> withoutFace = new ArrayList<>();
    List<Path> withoutCover = new ArrayList<>();
    for (Path file : files) {
      try {
        Count count = ImageFiles.within(file, () -> write(file, detector, choice));
        Path output = fileOf(file);
        String unchanged = null;
        if (count.faces == 0) {
          unchanged = "no face found";
          withoutFace.add(output);
        } else if (count.covered == 0) {
          unchanged = "all stay visible";
          withoutCover.add(output);
        }
        print(
            String.format(
                Locale.ROOT, "%s: %d of %d faces covered", output, count.covered, count.faces),
            new Line(
                file.toString(), output.toString(), count.faces, count.covered, unchanged, null));
      } catch (ImageException e) {
        spec.commandLine().getErr().println(e.getMessage());
        spec.commandLine().getErr().flush();
        if (json) {
          print("", new Line(file.toString(), null, null, null, null, e.getMessage()));
        }
        allRead = false;
      }
    }
    if (!json) {
      reportUnchanged("all stay visible", withoutCover);
      reportUnchanged("no face found", withoutFace);
    }
    if (!allRead) {
      return ExitCode.SOFTWARE;
    }
    return withoutFace.isEmpty() ? ExitCode.OK : NO_FACE;
  }

  private Count write(Path file, FaceDetector detector, Choice choice) throws IOException {
    DisplayedImage shown = DisplayedImage.read(file);
    List<Found> faces = faces(detector, shown);
    List<Found> covered = faces.stream().filter(choice::isCovered).toList();
    BufferedImage drawing = shown.toBufferedImage();
    covered.forEach(face -> how.cover(drawing, face.face.box()));
    ImageFile.write(drawing, fileOf(file));
    return new Count(faces.size(), covered.size());
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
      spec.commandLine()
          .getOut()
          .println(
              String.format(
                  Locale.ROOT,
                  "unchanged, %s (%d): %s",
                  why,
                  files.size(),
                  files.stream().map(Path::toString).collect(Collectors.joining(", "))));
      spec.commandLine().getOut().flush();
    }
  }

  private void print(String text, Line line) {
    spec.commandLine().getOut().println(json ? JSON.toJson(line) : text);
    spec.commandLine().getOut().flush();
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
