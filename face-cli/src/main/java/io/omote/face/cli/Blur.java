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
import io.omote.face.cli.image.FaceCover;
import io.omote.face.cli.image.ShownImage;
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

/** Makes faces in images unrecognizable, for publishing. */
@Command(
    name = "blur",
    mixinStandardHelpOptions = true,
    description = {
      "Writes images in which faces are unrecognizable, without the metadata of the files.",
      "A face that the detector misses stays as it is: look at each image before it is published.",
      "Those in which nothing was covered are named at the end: what is written shows what they show."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all images were written, each with a face that was found",
      "1:some could not be read, and were not written; or no result, the text says why",
      "2:wrong options",
      "3:all were written, but in some no face was found: those are unchanged"
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
      paramLabel = "DIR",
      description = "folder for the images, under their names; refused where one of them is there")
  private Path output;

  @Option(
      names = "--how",
      paramLabel = "HOW",
      defaultValue = "blur",
      description = "one of ${COMPLETION-CANDIDATES}; by default ${DEFAULT-VALUE}")
  private FaceCover how;

  @Option(names = "--json", description = "print JSON Lines, one object for each image")
  private boolean json;

  @ArgGroup(exclusive = false)
  private @Nullable Except except;

  /** People who stay visible. */
  static final class Except {
    @Option(
        names = "--except",
        required = true,
        paramLabel = "GALLERY",
        converter = GalleryLocation.Address.class,
        description = "people who stay visible: folder, or JDBC URL of a PostgreSQL with pgvector")
    private String gallery;

    @Option(
        names = "--except-name",
        paramLabel = "NAME",
        defaultValue = "faces",
        converter = GalleryLocation.Name.class,
        description = "which gallery of a database; by default ${DEFAULT-VALUE}")
    private String name;

    @Option(
        names = "--threshold",
        paramLabel = "COSINE",
        description =
            "similarity from which on somebody is one of them; by default so that at most 1 of 100"
                + " others stays visible, refused where no measurement supports it")
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

  /** Before any work is done: nothing is written over anything. */
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
   * A line of JSON; the parts in this order are its form. Without an error, all others are there
   * but for the reason why nothing was changed, where something was.
   */
  private record Line(
      String image,
      @Nullable String output,
      @Nullable Integer faces,
      @Nullable Integer covered,
      @Nullable String unchanged,
      @Nullable String error) {}

  /**
   * A face.
   *
   * @param image where it was found
   * @param face the face
   */
  private record Found(FaceImage image, Face face) {}

  /**
   * How many faces an image has.
   *
   * @param faces all
   * @param covered those of them that were covered
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
        say(
            String.format(
                Locale.ROOT, "%s: %d of %d faces covered", output, count.covered, count.faces),
            new Line(
                file.toString(), output.toString(), count.faces, count.covered, unchanged, null));
      } catch (ImageException e) {
        spec.commandLine().getErr().println(e.getMessage());
        spec.commandLine().getErr().flush();
        if (json) {
          say("", new Line(file.toString(), null, null, null, null, e.getMessage()));
        }
        allRead = false;
      }
    }
    if (!json) {
      sayUnchanged("all who were found stay visible", withoutCover);
      sayUnchanged("no face found", withoutFace);
    }
    if (!allRead) {
      return ExitCode.SOFTWARE;
    }
    return withoutFace.isEmpty() ? ExitCode.OK : NO_FACE;
  }

  private Count write(Path file, FaceDetector detector, Choice choice) throws IOException {
    ShownImage shown = ShownImage.read(file);
    List<Found> faces = faces(detector, shown);
    List<Found> covered = faces.stream().filter(choice::isCovered).toList();
    BufferedImage drawing = shown.toBufferedImage();
    covered.forEach(face -> how.cover(drawing, face.face.box()));
    ImageFile.write(drawing, fileOf(file));
    return new Count(faces.size(), covered.size());
  }

  /**
   * In the colors that are stored, also where they can hardly be seen; and, where transparency
   * makes something else of them, in what is seen on a light and on a dark ground.
   */
  private static List<Found> faces(FaceDetector detector, ShownImage shown) {
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

  /** So near that one is covered with the other. */
  private static boolean isSame(BoundingBox one, BoundingBox other) {
    return Math.abs(one.left() - other.left()) < 0.1 * one.width()
        && Math.abs(one.right() - other.right()) < 0.1 * one.width()
        && Math.abs(one.top() - other.top()) < 0.1 * one.height()
        && Math.abs(one.bottom() - other.bottom()) < 0.1 * one.height();
  }

  private void sayUnchanged(String why, List<Path> files) {
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

  private void say(String text, Line line) {
    spec.commandLine().getOut().println(json ? JSON.toJson(line) : text);
    spec.commandLine().getOut().flush();
  }

  /** A face that cannot be embedded is nobody's whom the gallery knows. */
  private static boolean isOther(
      Found found, FaceEmbedder embedder, FaceGallery gallery, IdentificationPolicy policy) {
    FaceEmbedding embedding;
    try {
      embedding = embedder.embed(found.image, found.face);
    } catch (AlignmentException e) {
      return true;
    }
    // A run may take hours: who is removed meanwhile does not stay visible any more.
    GalleryLocation.refresh(gallery);
    return gallery.identify(embedding, policy).isEmpty();
  }

  public static void main(String[] args) {
    Commands.main(new Blur(), args);
  }
}
